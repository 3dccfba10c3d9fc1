"""Finding goals: by the words' stems and by parts of words.

Norwegian text search alone misses compounds: «lindring» would not find «smertelindring».
"""

import re
from dataclasses import dataclass

from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVector
from django.db import connection
from django.db.models import Case, F, FloatField, Func, Q, TextField, Value, When
from django.db.models.functions import Concat
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from curriculum.models import Curriculum, LearningGoal
from curriculum.queries import Goal, curriculum_themes

_CONFIG = "norwegian"
_MOST_WORDS = 8
_BULLET = "- "


@dataclass(frozen=True)
class HitPassage:
    """Some of the text and the bullets that follow it, what was found in <mark>."""

    text_html: SafeString
    bullets_html: tuple[SafeString, ...]


@dataclass(frozen=True)
class Hit:
    goal: Goal
    passages: tuple[HitPassage, ...]  # the whole text
    elaboration_html: SafeString  # empty when nothing was found in it


def search_goals(curriculum: Curriculum, sought: str) -> list[Hit]:
    """Goals with every word sought, in its text, its elaboration or its code. Best first."""
    words = sought.replace("\0", "").split()[:_MOST_WORDS]
    if not words:
        return []
    goals = {goal.id: goal for theme in curriculum_themes(curriculum) for goal in theme.goals}
    pattern = _pattern(words)
    return [
        _hit(goals[pk], pattern) for pk in _found(curriculum, words).values_list("pk", flat=True)
    ]


def _found(curriculum: Curriculum, words: list[str]):
    """A goal's own code first, then by rank; a part of a word has none and follows in order."""
    bullets = Func("bullets", Value(" "), function="array_to_string", output_field=TextField())
    everything = Concat(
        "code",
        Value(" "),
        "text",
        Value(" "),
        "elaboration",
        Value(" "),
        bullets,
        output_field=TextField(),
    )
    document = (
        SearchVector("keyword", weight="A", config=_CONFIG)
        + SearchVector("text", weight="B", config=_CONFIG)
        + SearchVector("elaboration", weight="D", config=_CONFIG)
    )
    queries = [SearchQuery(word, config=_CONFIG) for word in words]
    every_word = Q()
    for word, query in zip(words, queries, strict=True):
        every_word &= Q(everything__icontains=word) | Q(document=query)
    any_word = queries[0]
    for query in queries[1:]:
        any_word |= query
    by_code = Case(
        When(code__iexact=words[0], then=Value(1.0)), default=0.0, output_field=FloatField()
    )
    found = LearningGoal.objects.filter(curriculum=curriculum).annotate(
        document=document, everything=everything
    )
    ranked = found.filter(every_word).annotate(
        by_code=by_code, rank=SearchRank(F("document"), any_word)
    )
    return ranked.order_by("-by_code", "-rank", "position")


def _pattern(words: list[str]) -> re.Pattern[str]:
    """What to mark: the words wherever they stand, and words that begin with one of the stems."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tsvector_to_array(to_tsvector(%s::regconfig, %s))", [_CONFIG, " ".join(words)]
        )
        (stems,) = cursor.fetchone()
    anywhere = [re.escape(word) for word in words]
    beginnings = [rf"(?<!\w){re.escape(stem)}\w*" for stem in stems]
    return re.compile("|".join(sorted(anywhere, key=len, reverse=True) + beginnings), re.IGNORECASE)


def _hit(goal: Goal, pattern: re.Pattern[str]) -> Hit:
    found_in_elaboration = pattern.search(goal.elaboration)
    return Hit(
        goal=goal,
        passages=_passages(goal.full_text, pattern),
        elaboration_html=_marked(goal.elaboration if found_in_elaboration else "", pattern),
    )


def _passages(text: str, pattern: re.Pattern[str]) -> tuple[HitPassage, ...]:
    """Bullets are lines that begin with «- »."""
    found: list[tuple[str, list[str]]] = []
    for line in filter(None, (line.strip() for line in text.splitlines())):
        if line.startswith(_BULLET) and found:
            found[-1][1].append(line.removeprefix(_BULLET))
        else:
            found.append((line, []))
    return tuple(
        HitPassage(_marked(line, pattern), tuple(_marked(bullet, pattern) for bullet in bullets))
        for line, bullets in found
    )


def _marked(text: str, pattern: re.Pattern[str]) -> SafeString:
    """Escapes around and inside every mark."""
    pieces, reached = [], 0
    for found in pattern.finditer(text):
        pieces += [escape(text[reached : found.start()]), f"<mark>{escape(found[0])}</mark>"]
        reached = found.end()
    pieces.append(escape(text[reached:]))
    return mark_safe("".join(pieces))  # noqa: S308
