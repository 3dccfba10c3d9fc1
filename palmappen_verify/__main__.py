"""`python -m palmappen_verify dossier.pdf`: for whoever receives a dossier. Needs no network."""

import argparse
import json
import logging
import sys
from dataclasses import asdict
from pathlib import Path

from asn1crypto import x509

from palmappen_verify import dossier, seal
from palmappen_verify.dossier import Checkpoint, Code, Finding, Outcome, Report

SENTENCES = {
    Code.TOO_LARGE: "Filen er for stor.",
    Code.UNREADABLE: "Filen kan ikke leses som PDF.",
    Code.ENCRYPTED: "Filen er låst med passord. Søknadsmapper fra PAL-mappen er ikke det.",
    Code.NOT_OURS: "Filen er ikke en søknadsmappe fra PAL-mappen.",
    Code.DAMAGED: "Filen er skadet eller endret, og kan ikke leses lenger.",
    Code.NO_SEAL: "Seglet mangler, eller det er ikke det eneste.",
    Code.NOT_COVERED: "Noe er lagt til eller endret etter at mappen ble forseglet.",
    Code.SEAL_BROKEN: "Seglet er brutt: innholdet er ikke det som ble forseglet.",
    Code.OTHER_SEAL: "Mappen er forseglet med et annet sertifikat enn det du oppga.",
    Code.NOT_CANONICAL: "Datafilen i mappen er skrevet på en annen måte enn PAL-mappen gjør.",
    Code.OTHER_SNAPSHOT: "Datafilen i mappen er en annen enn den mappen er laget av.",
    Code.FILE_MISSING: "Et vedlegg mangler:",
    Code.FILE_CHANGED: "Et vedlegg er endret:",
    Code.FILE_ADDED: "Et vedlegg er lagt til:",
    Code.LEDGER: "Hendelsesloggen henger ikke sammen:",
    Code.CHECKPOINT: "Hendelsesloggen stemmer ikke med mappens eget kontrollpunkt.",
    Code.GIVEN_CHECKPOINT: "Hendelsesloggen stemmer ikke med kontrollpunktet du oppga.",
}
WITH_DETAIL = {Code.FILE_MISSING, Code.FILE_CHANGED, Code.FILE_ADDED, Code.LEDGER}
HEADINGS = {
    Outcome.ALTERED: "ENDRET. Ikke stol på dette dokumentet.",
    Outcome.UNREADABLE: "KAN IKKE KONTROLLERES.",
}
GENUINE = "EKTE. Mappen er slik den var da den ble forseglet med sertifikatet du oppga."
UNALTERED = "UENDRET. Mappen er slik den var da den ble forseglet."
SEALER_UNKNOWN = (
    "Hvem som forseglet den, er ikke kontrollert. Sammenlign fingeravtrykket med det virksomheten\n"
    "selv oppgir, eller kontroller med --certificate."
)


def main(arguments: list[str] | None = None) -> int:
    given = _parser().parse_args(arguments)
    try:
        pdf = given.pdf.read_bytes()
    except OSError as error:
        report = Report([Finding(Code.UNREADABLE, error.strerror or "")])
    else:
        report = dossier.verify(pdf, certificate=given.certificate, checkpoint=given.checkpoint)
    print(_as_json(report) if given.json else _as_text(report))
    return report.outcome


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m palmappen_verify",
        description="Kontrollerer en søknadsmappe fra PAL-mappen, uten nett.",
        epilog="Avslutter med 0 (uendret), 1 (endret) eller 2 (kan ikke kontrolleres).",
    )
    parser.add_argument("pdf", type=Path, help="søknadsmappen")
    parser.add_argument(
        "--certificate", type=_certificate, help="sertifikatet mappen skal være forseglet med"
    )
    parser.add_argument(
        "--checkpoint",
        type=_checkpoint,
        metavar="ANTALL:HODE",
        help="kontrollpunkt fra et annet dokument for samme utdanning",
    )
    parser.add_argument("--json", action="store_true", help="svar for maskiner")
    return parser


def _certificate(path: str) -> x509.Certificate:
    try:
        return seal.certificate(Path(path).read_bytes())
    except (OSError, ValueError, TypeError) as error:
        raise argparse.ArgumentTypeError(f"{path} kan ikke leses som sertifikat") from error


def _checkpoint(text: str) -> Checkpoint:
    count, _, head = text.partition(":")
    head = "".join(head.split()).lower()
    if not count.isdecimal() or len(head) != 64 or set(head) - set("0123456789abcdef"):
        raise argparse.ArgumentTypeError("skriv ANTALL:HODE, med alle 64 tegn av hodet")
    return Checkpoint(count=int(count), head=head)


# --- What is said --------------------------------------------------------------------------------


def _as_text(report: Report) -> str:
    lines = [_heading(report)]
    lines += [f"- {_sentence(finding)}" for finding in report.findings]
    facts = _facts(report)
    if facts:
        width = max(map(len, facts))
        lines += ["", *(f"{name:<{width}}  {value}" for name, value in facts.items())]
    return "\n".join(lines)


def _heading(report: Report) -> str:
    if report.outcome != Outcome.GENUINE:
        return HEADINGS[report.outcome]
    return GENUINE if report.knows_sealer else f"{UNALTERED}\n{SEALER_UNKNOWN}"


def _sentence(finding: Finding) -> str:
    sentence = SENTENCES[finding.code]
    return f"{sentence} {finding.detail}" if finding.code in WITH_DETAIL else sentence


def _facts(report: Report) -> dict[str, str]:
    facts = {}
    if content := report.snapshot:
        facts["Nummer"] = content.number
        facts["Kode"] = content.code
        facts["Hendelseslogg"] = f"{len(content.ledger.events)} hendelser"
        facts["Vedlegg"] = f"{len(content.files)} filer"
    if found := report.seal:
        kind = "selvsignert, ikke en kvalifisert signatur" if found.is_self_signed else "utstedt"
        facts["Forseglet"] = f"{found.sealed_at:%d.%m.%Y kl. %H.%M}" if found.sealed_at else "–"
        facts["Sertifikat"] = f"{found.signer} ({kind})"
        facts["Fingeravtrykk"] = _grouped(found.fingerprint)
    return {name: _printable(value) for name, value in facts.items()}


def _grouped(digest: str) -> str:
    return " ".join(digest[at : at + 4] for at in range(0, len(digest), 4))


def _printable(text: str) -> str:
    """Nothing from the file steers the terminal."""
    return "".join(character if character.isprintable() else "?" for character in text)[:200]


def _outcome(report: Report) -> str:
    """«genuine» only where it is known who sealed it, as in the text."""
    is_anyones = report.outcome == Outcome.GENUINE and not report.knows_sealer
    return "unaltered" if is_anyones else report.outcome.name.lower()


def _as_json(report: Report) -> str:
    content, found = report.snapshot, report.seal
    return json.dumps(
        {
            "outcome": _outcome(report),
            "sealer_is_known": report.knows_sealer,
            "findings": [asdict(finding) for finding in report.findings],
            "document": content and {"number": content.number, "code": content.code},
            "ledger": content and {"count": content.ledger.count, "head": content.ledger.head},
            "seal": found and asdict(found),
        },
        ensure_ascii=False,
        default=str,
    )


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)  # pyHanko tells of what it refuses; the report does that
    sys.exit(main())
