"""The tenant's tree of course categories, as a list that a form can offer."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from content.models.course import CourseCategory


def list_choices(session: Session) -> list[tuple[str, str]]:
    """(id, "Parent › Child") of every category, parents before their children."""
    query = select(CourseCategory)
    query = query.order_by(CourseCategory.position, func.lower(CourseCategory.name))
    categories = list(session.scalars(query))
    known = {one.id: one for one in categories}

    def path(one: CourseCategory) -> list[str]:
        names, seen = [one.name], {one.id}
        while one.parent_id in known and one.parent_id not in seen:
            one = known[one.parent_id]
            seen.add(one.id)
            names.insert(0, one.name)
        return names

    paths = sorted((path(one), str(one.id)) for one in categories)
    return [(category_id, " › ".join(names)) for names, category_id in paths]
