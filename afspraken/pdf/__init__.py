"""The form as a PDF. WeasyPrint is imported here only, and inside the function that needs it.

Takes values and gives bytes; knows no database.
"""
