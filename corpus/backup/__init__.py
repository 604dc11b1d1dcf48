"""Backups: a folder of files shared by all of them, and for each backup a folder with records, settings and a manifest.

DIR/files/ab/abcdef...       bytes under their SHA-256, linked or copied once, shared by all backups
DIR/2026-11-30T231205Z/      one backup; called `*.unfinished` until its manifest is on disk
  manifest.json              what it has, and its SHA-256; written last
  files.txt                  SHA-256 and size of every file that it needs
  records.sqlite3            or records.dump, of pg_dump
  harvest/ sources/ ...      what else is in the data folder and cannot be made again
"""

from corpus.backup.making import BackupReport, back_up
from corpus.backup.manifest import Manifest, newest_backup, read_manifest
from corpus.backup.restoring import RestoreReport, restore

__all__ = ["BackupReport", "Manifest", "RestoreReport", "back_up", "newest_backup", "read_manifest", "restore"]
