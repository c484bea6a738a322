"""Files, voice messages and photos."""

from __future__ import annotations

TEXTS: dict[str, str] = {
    "file.bytes": "{count} bytes",
    "file.photo": "Photo",
    "file.photos": "{count} photos",
    "file.video": "Video",
    "file.videos": "{count} videos",
    "file.voice": "Voice message",
    "file.one": "File",
    "file.files": "{count} files",
    "files.title": "Shared files",
    "files.media": "Media",
    "files.audio": "Audio",
    "files.files": "Files",
    "files.none_media": "No photos or videos yet.",
    "files.none_audio": "No voice messages or music yet.",
    "files.none_files": "No files yet.",
    "files.more": "Show more",
    "voice.play": "Play",
    "voice.position": "Position",
    "voice.speed": "Speed",
    "photo.title": "Photo",
    "photo.choose": "Choose a photo",
    "photo.save": "Save photo",
    "photo.remove": "Remove photo",
    "photo.none": "Please choose a photo.",
    "photo.zoom": "Zoom",
    "photo.hint": "Drag to place it.",
}
