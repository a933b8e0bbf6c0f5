from itertools import count

from sqlalchemy.orm import Session

from app.models import Skill, SkillPrerequisite, Subject

_numbers = count(1)


def make_subject(session: Session, **values: object) -> Subject:
    number = next(_numbers)
    subject = Subject(**{"code": f"subject-{number}", "title": f"Subject {number}", **values})
    session.add(subject)
    session.flush()
    return subject


def make_skill(session: Session, subject: Subject, *, after: tuple[Skill, ...] = (), **values: object) -> Skill:
    """A skill of the subject, to be learned after the skills in `after`."""
    number = next(_numbers)
    defaults = {"subject_id": subject.id, "code": f"skill-{number}", "name": f"Skill {number}", "position": number}
    skill = Skill(**{**defaults, **values})
    session.add(skill)
    session.flush()
    session.add_all(SkillPrerequisite(skill_id=skill.id, prerequisite_id=earlier.id) for earlier in after)
    session.flush()
    return skill
