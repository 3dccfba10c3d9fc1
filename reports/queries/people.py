"""How people, roles and numbers are written on paper."""

from collections.abc import Iterable
from dataclasses import dataclass

from accounts.models import User
from institutions.enums import Role
from pages.norwegian_order import norwegian_key


@dataclass(frozen=True)
class Signer:
    """A person in the role in which they acted."""

    name: str
    role: str
    hpr_number: str


@dataclass(frozen=True)
class Named:
    """One line of the list of people."""

    name: str
    roles: tuple[str, ...]
    hpr_number: str


def lower_first(text: str) -> str:
    """«Veileder» in a sentence is «veileder»; «LIS» stays."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def grouped(number: str) -> str:
    """«000000017» is read as «000 000 017». The spaces do not break."""
    head = len(number) % 3
    parts = [number[:head], *(number[at : at + 3] for at in range(head, len(number), 3))]
    return "\N{NO-BREAK SPACE}".join(part for part in parts if part)


class People:
    """Everyone the document names, noted as they are met."""

    def __init__(self, *, trainee: User, doctor_title: str):
        self.trainee = trainee
        self.doctor_title = doctor_title
        self._roles: dict[int, dict[str, None]] = {}
        self._users: dict[int, User] = {}
        self.meet(trainee, Role.TRAINEE)

    def meet(self, user: User, role: str) -> Signer:
        label = self.role_label(role)
        self._users[user.pk] = user
        self._roles.setdefault(user.pk, {})[label] = None
        return Signer(user.name, label, grouped(user.hpr_number))

    def role_label(self, role: str) -> str:
        """The trainee is «LIS» in a specialty and «lege under utdanning» in the competence area."""
        if role != Role.TRAINEE:
            return str(Role(role).label)
        return self.doctor_title[:1].upper() + self.doctor_title[1:]

    def listed(self) -> tuple[Named, ...]:
        named: Iterable[Named] = (
            Named(user.name, tuple(self._roles[pk]), grouped(user.hpr_number))
            for pk, user in self._users.items()
        )
        return tuple(sorted(named, key=lambda one: norwegian_key(one.name)))
