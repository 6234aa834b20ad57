"""The post room: sends and receives SMS and e-mail, and knows no appointment."""
