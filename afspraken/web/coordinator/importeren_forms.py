"""The upload form, and a file that is kept in memory only."""

from __future__ import annotations

import io
from typing import Any

from django import forms
from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload

from afspraken.sources.base import MAX_BYTES

# Up to here a file that is too big is read on and thrown away, so that the browser shows our answer and not a
# broken connection; beyond it the connection is cut.
_PATIENCE = 6 * MAX_BYTES


class InMemory(FileUploadHandler):
    """Keeps an upload out of temporary files: it holds names, numbers and perhaps BSNs."""

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self.buffer = io.BytesIO()
        self.received = 0
        self.too_big = False

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin with an empty buffer."""
        super().new_file(*args, **kwargs)
        self.buffer = io.BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keep what fits; of a file that is too big nothing is kept."""
        self.received += len(raw_data)
        if self.received > _PATIENCE:
            raise StopUpload(connection_reset=True)
        if self.received > MAX_BYTES:
            self.too_big = True
            self.buffer = io.BytesIO()
        else:
            self.buffer.write(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        """The file; its name is of no interest, its kind is seen from its contents."""
        self.buffer.seek(0)
        return InMemoryUploadedFile(
            file=self.buffer,
            field_name=self.field_name,
            name="bestand",
            content_type="application/octet-stream",
            size=0 if self.too_big else file_size,
            charset=None,
        )


class UploadForm(forms.Form):
    """One file."""

    use_required_attribute = False

    bestand = forms.FileField(
        label="Bestand met afspraken",
        help_text="Een CSV-bestand of een Excel-bestand (.xlsx) van hooguit 10 MB en 20.000 rijen.",
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,text/csv"}),
        error_messages={"required": "Kies een bestand.", "invalid": "Kies een bestand."},
    )
    lezing = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)


class VerwerkForm(forms.Form):
    """The confirmation: how many rows were on the screen, and whether rows with errors may be left out."""

    aantal = forms.IntegerField(widget=forms.HiddenInput)
    alleen_goede = forms.BooleanField(required=False, widget=forms.HiddenInput)
