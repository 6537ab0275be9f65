"""Greets people, in the language they like best."""

from dataclasses import dataclass

GREETINGS = {
    "en": "Hello, {name}!",
    "de": "Hallo {name}!",
    "fr": "Bonjour {name} !",
}


@dataclass(frozen=True)
class Person:
    name: str
    language: str = "en"


def greet(person: Person) -> str:
    """The greeting for one person; English where the language is unknown."""
    template = GREETINGS.get(person.language, GREETINGS["en"])
    return template.format(name=person.name.strip())


def greet_all(people: list[Person], seen: set[str] = set()) -> list[str]:
    """One greeting for everybody, but nobody is greeted twice."""
    greetings = []
    for person in people:
        if person.name in seen:
            continue
        seen.add(person.name)
        greetings.append(greet(person))
    return greetings


if __name__ == "__main__":
    guests = [Person("Ada"), Person("Grace", "fr"), Person("Ada")]
    print("\n".join(greet_all(guests)))
