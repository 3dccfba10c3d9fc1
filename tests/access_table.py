"""Who gets what from each URL (domain.md §3, «Sees»). One row per pattern and kind of thing.

What may not be seen is 404, what is seen but may not be done is 403, and a stranger is asked to
log in.
"""

from dataclasses import dataclass

from tests.world import PERSONAS

LOGIN = "login"
STRANGERS = frozenset({"anonymous", "deactivated trainee"})
EVERYONE = frozenset(PERSONAS)
KNOWN = EVERYONE - STRANGERS

TRAINEE = frozenset({"trainee"})
TRAINEES = TRAINEE | {"other trainee"}
SUPERVISOR = frozenset({"supervisor"})
GUIDE = frozenset({"guide"})
HEAD = frozenset({"head"})
MEDICAL_LEAD = frozenset({"medical lead"})
ADMIN = frozenset({"admin"})
PROGRAM_LEADER = frozenset({"program leader"})
PROGRAM_LEADERS = PROGRAM_LEADER | {"other program leader"}
PLANNERS = ADMIN | {"education lead"}
PORTFOLIO = TRAINEE | GUIDE | HEAD | {"education lead", "program leader"}
LEADERS = {"guide", "other guide", "head", "other head", "education lead"} | PROGRAM_LEADERS
RECOMMENDED_BY = frozenset({"supervisor", "ended supervisor", "guide", "ended guide"})
SIGNED_BY = frozenset({"supervisor", "ended supervisor"})  # what one signed, for good


@dataclass(frozen=True)
class Row:
    """`get` and `post` are the answers to those in `may`; None is a method that is not there."""

    name: str
    args: str = ""
    may: frozenset[str] = KNOWN
    sees: frozenset[str] = frozenset()
    get: int | None = 200
    post: int | str | None = None
    unseen: int = 404
    stranger: int | str | None = LOGIN  # None: as those who may
    but: tuple[tuple[str, int], ...] = ()  # who gets another answer than their like

    def expected(self, persona: str, method: str) -> int | str:
        answer = self.post if method == "POST" else self.get
        if persona in STRANGERS and self.stranger == LOGIN:
            return LOGIN
        if answer is None:
            return 405
        if persona in STRANGERS:
            return answer if self.stranger is None else self.stranger
        if persona in self.may:
            return dict(self.but).get(persona, answer)
        return 403 if persona in self.sees else self.unseen


def public(name: str, args: str = "", **fields) -> Row:
    return Row(name, args, **{"stranger": None} | fields)


def page(name: str, args: str = "", **fields) -> Row:
    return Row(name, args, **fields)


def form(name: str, args: str = "", *, post: int | str = 422, **fields) -> Row:
    """An empty form is refused; one that asks for nothing is done with, and leads on."""
    return Row(name, args, post=post, **fields)


def act(name: str, args: str = "", **fields) -> Row:
    return Row(name, args, get=None, post=302, **fields)


def role_page(name: str, args: str = "", **fields) -> Row:
    """Known to exist by everyone; for those with the role."""
    return Row(name, args, unseen=403, **fields)


GOAL = "training curriculum"

ROWS = [
    Row("start", get=302, post=302, stranger=200),
    public("health"),
    public("pages:privacy"),
    public("pages:accessibility"),
    public("curriculum:curriculum_list"),
    public("curriculum:curriculum_json", "curriculum"),
    public("curriculum:curriculum_detail", "curriculum"),
    public("curriculum:goal_detail", "curriculum untouched"),
    public("institutions:site_list"),
    public("reports:check_document"),
    public("reports:check_code", "code"),
    public("reports:check_file", get=None, post=422),
    public("reports:certificate", get=404),  # the tests' installation has no key
    # --- The account ---
    Row("account_login", get=302, post=302, stranger=200),
    form("account_logout", post=LOGIN),
    public("account_inactive"),
    public("account_signup", get=302, post=302, stranger=200),
    form("account_reauthenticate", post=200),
    page("/konto/email/", get=302, post=302),
    page("account_email", get=302, post=302),
    public("account_email_verification_sent"),
    form("account_change_password", post=200),
    page("account_set_password", get=302, post=302),
    public("account_reset_password", post=200),
    page("account_confirm_login_code", get=302, post=302),
    public("account_confirm_email", "key", post=404),
    public("account_reset_password_from_key_done"),
    public("account_reset_password_from_key", "uidb36 key", post=200),
    public("account_reset_password_done"),
    form("accounts:profile"),
    # --- People and roles ---
    role_page("institutions:person_list", may=ADMIN),
    role_page("institutions:person_invite", may=ADMIN, post=422),
    role_page("institutions:person_detail", "person", may=ADMIN),
    role_page("institutions:invitation_resend", "invited", may=ADMIN, get=None, post=302),
    role_page("institutions:person_deactivate", "person", may=ADMIN, get=None, post=302),
    role_page("institutions:person_reactivate", "inactive", may=ADMIN, get=None, post=302),
    role_page("institutions:role_give", "person", may=ADMIN, post=422),
    role_page("institutions:role_end", "role", may=ADMIN, post=422),
    role_page("institutions:cohort_list", may=ADMIN, post=422),
    role_page("institutions:cohort_detail", "cohort", may=ADMIN),
    role_page("institutions:cohort_add", "cohort", may=ADMIN, post=422),
    role_page(
        "institutions:cohort_remove", "cohort member membership", may=ADMIN, get=None, post=302
    ),
    # --- The general plan ---
    role_page("institutions:general_plan_list", may=PLANNERS, but=(("education lead", 302),)),
    role_page("institutions:general_plan", "institution", may=PLANNERS),
    role_page("institutions:offers_edit", "institution department", may=PLANNERS, post=302),
    role_page("institutions:agreement_add", "institution", may=PLANNERS, post=422),
    role_page("institutions:agreement_end", "agreement", may=PLANNERS, post=422),
    # --- The trainee's own pages ---
    page("portfolio:home", may=TRAINEES),
    page("portfolio:my_goals", may=TRAINEES, get=302),
    page("portfolio:activity_list", may=TRAINEES),
    form("portfolio:activity_new", may=TRAINEES),
    form("portfolio:activity_autosave", may=TRAINEES, get=None),
    page("portfolio:application", may=TRAINEES),
    page("portfolio:application_of_doctor", "training", may=PORTFOLIO, but=(("trainee", 302),)),
    role_page("portfolio:cohort_applications", may=LEADERS),
    form("portfolio:mirror", may=TRAINEES),
    act("portfolio:mirror_remove", may=TRAINEES),
    page("portfolio:placement_list", may=TRAINEES),
    form("portfolio:placement_new", may=TRAINEES),
    page("portfolio:opening_list", may=TRAINEES),
    # --- Activities ---
    page("portfolio:activity_detail", "draft", may=TRAINEE),
    page("portfolio:activity_detail", "sent", may=PORTFOLIO | SUPERVISOR),
    form("portfolio:activity_edit", "draft", may=TRAINEE),
    form("portfolio:activity_edit", "sent", may=TRAINEE, get=403, sees=PORTFOLIO | SUPERVISOR),
    act("portfolio:activity_recall", "sent", may=TRAINEE, sees=PORTFOLIO | SUPERVISOR),
    act("portfolio:activity_delete", "draft", may=TRAINEE),
    act("portfolio:activity_delete", "sent", may=frozenset(), sees=PORTFOLIO | SUPERVISOR),
    page("portfolio:attachment_download", "on_draft", may=TRAINEE),
    page("portfolio:attachment_download", "on_sent", may=PORTFOLIO | SUPERVISOR),
    act("portfolio:attachment_remove", "on_draft", may=TRAINEE),
    act("portfolio:attachment_remove", "on_sent", may=frozenset(), sees=PORTFOLIO | SUPERVISOR),
    # --- Service ---
    form("portfolio:placement_edit", "placement", may=TRAINEE, sees=PORTFOLIO),
    form("portfolio:placement_remove", "placement", may=TRAINEE, sees=PORTFOLIO, post=302),
    form("portfolio:absence_new", may=TRAINEES),
    form("portfolio:absence_edit", "absence", may=TRAINEE),
    form("portfolio:absence_remove", "absence", may=TRAINEE, post=302),
    # --- Documents ---
    page("portfolio:document_list", may=TRAINEES),
    form("portfolio:document_new", may=TRAINEES),
    form("portfolio:earlier", may=TRAINEES),
    page("portfolio:document_queue"),
    page("portfolio:training_documents", "training", may=PORTFOLIO),
    page("portfolio:document_detail", "document", may=PORTFOLIO),
    page("portfolio:document_download", "document", may=PORTFOLIO),
    form("portfolio:document_replace", "document", may=TRAINEE, sees=PORTFOLIO),
    form("portfolio:document_withdraw", "document", may=TRAINEE, sees=PORTFOLIO, post=302),
    form("portfolio:document_confirm", "document", may=PORTFOLIO - TRAINEE, sees=TRAINEE),
    # --- Plans ---
    page("portfolio:plan", may=TRAINEES),
    form("portfolio:plan_item_new", may=TRAINEES),
    form("portfolio:plan_item_edit", "plan_item", may=TRAINEE, sees=PORTFOLIO),
    form(
        "portfolio:plan_item_remove", "plan_item", may=TRAINEE, sees=PORTFOLIO, get=None, post=409
    ),
    form("portfolio:plan_text", may=TRAINEES, post=409),
    form("portfolio:implementation_plan", may=TRAINEES),
    page("portfolio:plan_detail", "plan", may=PORTFOLIO),
    page("portfolio:plan_detail", "draft_plan", may=TRAINEE),
    form("portfolio:plan_agree", "plan", may=GUIDE, sees=PORTFOLIO, get=None, post=409),
    form("portfolio:plan_agree", "draft_plan", may=TRAINEE, get=None, post=409),
    page("portfolio:plan_of_doctor", "training", may=PORTFOLIO, but=(("trainee", 302),)),
    form(
        "portfolio:supervision_edit",
        "supervision",
        may=HEAD | GUIDE | ADMIN | {"education lead"},
        sees=PORTFOLIO,
        post=302,
    ),
    form("portfolio:service_statement", "stated", may=TRAINEE, sees=PORTFOLIO, post=409),
    form("portfolio:attestation_ask", "stated", may=TRAINEE, sees=PORTFOLIO),
    act("portfolio:attestation_recall", "asked_placement", may=TRAINEE, sees=PORTFOLIO),
    act("portfolio:attestation_remind", "service_request", may=TRAINEE),
    form("portfolio:service_attest", "service_request", may=HEAD),
    form("portfolio:service_countersign", "countersigning", may=MEDICAL_LEAD, post=409),
    form("portfolio:attestation_return", "service_request", may=HEAD),
    page("portfolio:attestation_list"),
    page(
        "portfolio:attestation_detail",
        "attestation_of_service",
        may=TRAINEE | HEAD | MEDICAL_LEAD | {"ended head"},
    ),
    act("reports:service_statement_order", "stated", may=TRAINEE),
    # --- Courses ---
    page("portfolio:course_list", may=TRAINEES),
    act("portfolio:course_sign_up", "session_ahead", may=TRAINEE),
    act("portfolio:course_cancel", "sign_up", may=TRAINEE),
    role_page("portfolio:session_list", may=PROGRAM_LEADERS),
    role_page("portfolio:session_new", may=PROGRAM_LEADERS, post=422),
    page("portfolio:session_detail", "session_held", may=PROGRAM_LEADER),
    form("portfolio:session_edit", "session_ahead", may=PROGRAM_LEADER),
    form("portfolio:session_attendance", "session_held", may=PROGRAM_LEADER),
    form("portfolio:session_import", "session_held", may=PROGRAM_LEADER),
    act("portfolio:session_import_confirm", "session_held", may=PROGRAM_LEADER),
    role_page("reports:cohort_export", may=PROGRAM_LEADERS),
    page("reports:cohort_spreadsheet", "cohort", may=PROGRAM_LEADER),
    # --- Goals ---
    page("portfolio:goal_list", "training", may=PORTFOLIO),
    page("portfolio:goal_detail", f"{GOAL} assessed", may=PORTFOLIO),
    form("portfolio:goal_claim", f"{GOAL} assessed", may=TRAINEE, sees=PORTFOLIO, post=409),
    form("portfolio:claim_recall", "made", may=TRAINEE, sees=PORTFOLIO, post=302),
    form("portfolio:claim_recall", "asked", may=TRAINEE, sees=PORTFOLIO | SUPERVISOR, post=302),
    form("portfolio:recommendation_request", "made", may=TRAINEE, sees=PORTFOLIO),
    act(
        "portfolio:recommendation_remind",
        "asked_supervisor",
        may=TRAINEE,
        sees=PORTFOLIO | SUPERVISOR,
    ),
    form("portfolio:assessment_request", f"{GOAL} untouched", may=TRAINEE, sees=PORTFOLIO),
    act("portfolio:assessment_request_recall", "request", may=TRAINEE, sees=PORTFOLIO | SUPERVISOR),
    act("portfolio:assessment_remind", "request", may=TRAINEE, sees=PORTFOLIO | SUPERVISOR),
    # --- Supervisors ---
    page("portfolio:waiting_list"),
    page("portfolio:assess_choose"),
    form(
        "portfolio:assess_unasked",
        f"{GOAL} untouched",
        may=SUPERVISOR | GUIDE,
        sees=PORTFOLIO,
    ),
    form("portfolio:assess", "request", may=SUPERVISOR, sees=PORTFOLIO),
    form("portfolio:assess_return", "request", may=SUPERVISOR, sees=PORTFOLIO),
    form("portfolio:attest", "guided", may=GUIDE, sees=PORTFOLIO | SUPERVISOR, post=302),
    form("portfolio:attest", "sent", may=frozenset(), sees=PORTFOLIO | SUPERVISOR),
    form("portfolio:attest_return", "guided", may=GUIDE, sees=PORTFOLIO | SUPERVISOR),
    page("portfolio:signed_list"),
    page("portfolio:assessment_detail", "assessment", may=PORTFOLIO | SIGNED_BY),
    act(
        "portfolio:assessment_retract",
        "assessment",
        may=SUPERVISOR,
        sees=PORTFOLIO | SIGNED_BY,
    ),
    form(
        "portfolio:assessment_correct",
        "assessment",
        may=SUPERVISOR,
        sees=PORTFOLIO | SIGNED_BY,
    ),
    form("portfolio:recommend", "asked", may=SUPERVISOR | GUIDE, sees=PORTFOLIO),
    # --- Leaders ---
    role_page("portfolio:cohort", may=LEADERS),
    page("portfolio:doctor", "training", may=PORTFOLIO, but=(("trainee", 302),)),
    form(
        "portfolio:supervisor_appoint",
        "training",
        may=HEAD | ADMIN | {"education lead"},
        sees=PORTFOLIO,
    ),
    role_page("portfolio:training_admin", "person", may=ADMIN),
    role_page("portfolio:training_start", may=ADMIN, post=422),
    page("portfolio:move_choose", "training", may=PORTFOLIO),
    page(
        "portfolio:move_preview",
        "training pathway",
        may=PORTFOLIO,
        but=(("program leader", 302),),
    ),
    form("portfolio:move", "training pathway", may={"program leader"}, sees=PORTFOLIO),
    role_page("portfolio:training_end", "training", may=ADMIN, post=422),
    page("portfolio:decision_list"),
    form("portfolio:decide", "ready", may=HEAD, sees=PORTFOLIO | RECOMMENDED_BY),
    form(
        "portfolio:approval_withdraw",
        "approval",
        may=HEAD,
        sees=PORTFOLIO | RECOMMENDED_BY | {"ended head"},
    ),
    # --- Reports ---
    page("reports:report_list"),
    act("reports:report_order", "training", may=PORTFOLIO),
    page("reports:report_detail", "report", may=TRAINEE),
    page("reports:report_detail", "heads_report", may=HEAD),
    page("reports:report_download", "report", may=TRAINEE),
    page("reports:report_download", "heads_report", may=HEAD),
    act("reports:report_retry", "failed_report", may=TRAINEE),
    role_page("reports:export_order", may=PROGRAM_LEADERS, post=422),
    page("reports:report_detail", "export", may=PROGRAM_LEADER),
    page("reports:report_download", "export", may=PROGRAM_LEADER),
    form("reports:report_submit", "dossier", may=TRAINEE, post=302),
    form("reports:report_submit", "report", may=frozenset(), sees=TRAINEE, post=302),
]
