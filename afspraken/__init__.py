"""The building: appointments, what the client says about recording, the day list and the form."""
