#!/usr/bin/env python
"""Commands of the service; `python manage.py help` lists them."""

import os
import sys

from django.core.management import execute_from_command_line

from project.env import load_demo_env

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
    load_demo_env()
    execute_from_command_line(sys.argv)
