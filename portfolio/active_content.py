"""What makes a PDF more than paper: scripts, launches, and files within or elsewhere."""

import pikepdf

ACTIVE_KEYS = {"/JavaScript", "/JS", "/Launch", "/EmbeddedFiles", "/EF", "/RichMedia", "/XFA"}
# Runs something, or opens another file: a remote one can carry the reader's password along.
ACTIVE_ACTIONS = {
    "/JavaScript",
    "/Launch",
    "/SubmitForm",
    "/ImportData",
    "/GoToR",
    "/GoToE",
    "/Rendition",
    "/Movie",
    "/Sound",
    "/RichMediaExecute",
}


def is_active(pdf: pikepdf.Pdf) -> bool:
    """Any object, however deep, that runs, launches or carries a file."""
    for thing in pdf.objects:
        if isinstance(thing, pikepdf.Stream):
            thing = thing.stream_dict
            if "/F" in thing:  # its content lies in another file
                return True
        if _holds_action(thing):
            return True
    return False


def _holds_action(thing: object, depth: int = 0) -> bool:
    """Looks through one object and what lies directly in it; the rest are objects of their own."""
    if depth > 50:
        return True  # nobody draws a page that deep
    if isinstance(thing, pikepdf.Array):
        return any(_holds_action(one, depth + 1) for one in thing if not _elsewhere(one))
    if not isinstance(thing, pikepdf.Dictionary):
        return False
    if ACTIVE_KEYS & set(thing.keys()) or str(thing.get("/S")) in ACTIVE_ACTIONS:
        return True
    return any(_holds_action(one, depth + 1) for one in thing.values() if not _elsewhere(one))


def _elsewhere(thing: object) -> bool:
    return isinstance(thing, pikepdf.Object) and thing.is_indirect
