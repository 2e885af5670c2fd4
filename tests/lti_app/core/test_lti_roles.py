"""From a launch's roles to the one that counts: LTI-R1 to LTI-R4."""

import pytest

from lti_app.core.lti.roles import LaunchRole, read_roles

V2 = "http://purl.imsglobal.org/vocab/lis/v2/"
M, I, S = V2 + "membership#", V2 + "institution/person#", V2 + "system/person#"  # noqa: E741


@pytest.mark.parametrize(
    ("roles", "expected"),
    [
        ([M + "Learner"], "learner"),
        ([M + "Instructor"], "instructor"),
        ([M + "Administrator"], "administrator"),
        ([M + "ContentDeveloper"], "content_developer"),
        ([M + "Mentor"], "mentor"),
        (["Learner"], "learner"),
        (["Instructor"], "instructor"),
        ([M + "Learner", M + "Instructor"], "instructor"),
        ([M + "Learner", I + "Administrator"], "learner"),
        ([M + "Learner", I + "Faculty", S + "SysAdmin"], "learner"),
        ([M + "Instructor", I + "Administrator", S + "Administrator"], "instructor"),
        ([I + "Student", S + "Administrator"], "learner"),
        ([S + "Administrator"], "administrator"),
        ([V2 + "membership/Instructor#TeachingAssistant"], "teaching_assistant"),
        ([V2 + "membership/Instructor#Grader"], "instructor"),
        ([V2 + "membership/Learner#GuestLearner"], "learner"),
        ([V2 + "membership/Instructor#TeachingAssistant", M + "Instructor"], "instructor"),
        ([], "none"),
        ([V2 + "unknown/unknown#Helper"], "none"),
        ([I + "Guest", S + "User"], "none"),
        (["https://evil.example/vocab#Instructor"], "none"),
        ([M + "Instructor "], "none"),
    ],
)
def test_the_strongest_role_of_the_nearest_kind_counts(roles, expected):
    """LTI-R1, LTI-R2, LTI-G02 to LTI-G05"""
    assert read_roles(roles).role.value == expected


@pytest.mark.parametrize("root", ["lis/v2", "lti"])
def test_a_test_user_is_flagged_and_keeps_the_role(root):
    """LTI-R3, CANVAS-37"""
    roles = read_roles(
        [M + "Learner", f"http://purl.imsglobal.org/vocab/{root}/system/person#TestUser"]
    )
    assert (roles.role, roles.is_test_user) == (LaunchRole.LEARNER, True)


def test_only_teachers_see_grades_and_only_learners_get_them():
    """LTI-R4: a mentor sees nothing of others yet. PAIN-19"""
    assert {r.value for r in LaunchRole if r.is_teacher} == {
        "administrator",
        "instructor",
        "teaching_assistant",
    }
    assert [r.value for r in LaunchRole if r.is_graded] == ["learner"]
