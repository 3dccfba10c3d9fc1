"""Where a dossier's metadata (XMP) says what its snapshot is."""

import re

NAMESPACE = "urn:palmappen:xmp:1#"
PREFIX = "palmappen"
SNAPSHOT_DIGEST = "snapshotSHA256"

# Read as text: the packet is ours or it is nothing, and a stranger's XML is better not parsed.
_DIGEST = re.compile(rf"<{PREFIX}:{SNAPSHOT_DIGEST}>([0-9a-f]{{64}})</".encode())


def snapshot_digest(packet: bytes) -> str | None:
    """The digest, where the packet has exactly one."""
    found = _DIGEST.findall(packet)
    return found[0].decode() if len(found) == 1 else None


def is_marked(pdf: bytes) -> bool:
    """The metadata is not compressed, so its mark survives most damage."""
    return NAMESPACE.encode() in pdf
