"""The few words of our own that a called person hears before the bridge, in the language of the destination."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ScreeningWords:
    """`language` is set when the words are not in the language that was asked for: then a voice of theirs speaks."""

    call_for_you: str
    press_1: str
    language: str | None = None


WORDS = {
    "de": ScreeningWords("Anruf für Sie", "Drücken Sie die 1, um den Anruf anzunehmen"),
    "en": ScreeningWords("Call for you", "Press 1 to take the call"),
    "es": ScreeningWords("Llamada para usted", "Pulse 1 para aceptar la llamada"),
    "fr": ScreeningWords("Un appel pour vous", "Appuyez sur 1 pour prendre l'appel"),
    "it": ScreeningWords("Una chiamata per lei", "Prema 1 per accettare la chiamata"),
    "nl": ScreeningWords("Een gesprek voor u", "Druk op 1 om het gesprek aan te nemen"),
    "pt": ScreeningWords("Chamada para si", "Prima 1 para atender a chamada"),
}
ELSEWHERE = ScreeningWords(WORDS["en"].call_for_you, WORDS["en"].press_1, "en-US")


def words_for(language: str) -> ScreeningWords:
    """`es-US` speaks Spanish; a language that is not in the table hears English from an English voice."""
    return WORDS.get(language.partition("-")[0].lower(), ELSEWHERE)
