"""Show what this site is defended against and by what, with the test of each defence, and what it is not."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from flask import Blueprint, Response, current_app

from ...limits import all_limits
from ...settings import Settings
from ..http.html_page import HtmlPage
from ..http.languages import page
from ..http.pages import send_page
from .handbook import blocks

bp = Blueprint("security_help", __name__)
WEB, UNIT = "tests/web/test_", "tests/unit/"
# What somebody may try: where it comes from, the end of the keys of its words, and the test of what stands against it.
THREATS = (
    ("text", "script", f"{WEB}hostile.py::test_every_address_answers_well_formed_and_evaluates_nothing"),
    (
        "text",
        "views",
        f"{WEB}hostile.py::test_plans_frames_handouts_and_what_was_published_show_a_hostile_text_as_text",
    ),
    ("text", "browser", "tests/browser/test_attack.py::test_no_attack_runs_on_a_page"),
    ("text", "policy", f"{WEB}headers.py::test_the_policy_is_closed_but_for_us"),
    ("text", "formula", f"{UNIT}exchange/test_sheet_cells.py::test_a_neutral_text_runs_nowhere_and_comes_back"),
    ("sites", "foreign", f"{WEB}headers.py::test_no_page_loads_anything_from_another_host"),
    ("sites", "forged_form", f"{WEB}staff_gate.py::test_no_write_is_done_without_a_form_of_ours"),
    ("sites", "framed", f"{WEB}staff_gate.py::test_a_page_of_the_desk_is_kept_by_no_cache_and_framed_by_nobody"),
    ("sites", "embed_cookie", f"{WEB}staff_gate.py::test_no_public_address_sets_or_reads_a_cookie_of_the_desk"),
    ("sites", "message", "tests/browser/test_embed_element.py::test_messages_of_others_move_neither_side"),
    (
        "sites",
        "poison",
        "tests/js/embed.test.js::huge, nested and poisoned messages mean nothing, take no time and leave no trace",
    ),
    ("sites", "redirect", f"{WEB}staff_gate.py::test_a_login_leads_nowhere_but_to_the_desk"),
    ("sites", "host", f"{WEB}headers.py::test_a_forged_host_never_reaches_an_answer"),
    ("sites", "oembed", f"{WEB}oembed.py::test_nothing_is_fetched"),
    ("sites", "builder", f"{WEB}builder.py::test_a_hostile_choice_stays_text"),
    ("sites", "pasted", f"{WEB}oembed.py::test_a_hostile_address_stays_text"),
    ("sites", "links", f"{UNIT}editing/test_links.py::test_a_redirect_into_a_private_network_is_not_followed"),
    ("sites", "inner", f"{UNIT}editing/test_links.py::test_nothing_within_is_reached_by_whatever_name_or_redirect"),
    ("desk", "guess", f"{WEB}staff_login.py::test_guessing_is_slowed_down_over_two_processes"),
    ("desk", "hashes", f"{UNIT}store/test_passwords.py::test_a_hash_is_argon2_with_a_salt_of_its_own"),
    ("desk", "factor", f"{WEB}second_factor.py::test_a_password_alone_lets_nobody_in_and_a_code_does_once"),
    (
        "desk",
        "swap",
        f"{WEB}second_factor.py::test_who_has_password_and_session_puts_no_other_factor_in_its_place",
    ),
    (
        "desk",
        "many_codes",
        f"{WEB}second_factor.py::test_codes_are_guessed_by_many_sessions_at_once_no_oftener_than_by_one",
    ),
    ("desk", "cookie", f"{WEB}staff_login.py::test_a_copied_cookie_is_worth_nothing_after"),
    (
        "desk",
        "feed",
        f"{WEB}told.py::test_a_feed_is_known_to_its_owner_alone_until_it_is_renewed_or_the_password_changes",
    ),
    (
        "desk",
        "feed_trace",
        f"{WEB}told.py::test_a_feed_s_address_reaches_no_log_no_cache_and_no_other_site",
    ),
    ("desk", "stand", f"{WEB}staff_verify.py::test_no_forged_fix_is_taken_and_none_from_who_has_left"),
    (
        "desk",
        "resend",
        f"{WEB}staff_verify.py::test_a_fix_that_somebody_else_sends_again_makes_no_second_draft_and_changes_none",
    ),
    ("desk", "role", f"{WEB}staff_gate.py::test_an_address_that_names_a_role_refuses_everybody_below_it"),
    ("desk", "leak", f"{WEB}staff_leak.py::test_nothing_unpublished_is_at_any_public_address"),
    (
        "desk",
        "folder",
        f"{WEB}staff_leak.py::test_a_change_of_the_folder_shows_nothing_that_is_not_published",
    ),
    ("desk", "history", f"{UNIT}store/test_store_revisions.py::test_a_row_is_never_changed_or_deleted"),
    ("desk", "erased", f"{WEB}erase.py::test_no_byte_of_the_database_and_of_a_backup_holds_an_erased_word"),
    (
        "desk",
        "variant",
        f"{WEB}erase.py::test_words_are_found_in_whatever_way_they_were_written_by_whomever",
    ),
    (
        "desk",
        "kept_erased",
        f"{WEB}erase.py::test_of_an_erased_place_nothing_is_served_from_any_address_that_was_kept",
    ),
    ("desk", "mail_tls", f"{WEB}told.py::test_a_mail_password_goes_to_nobody_who_does_not_prove_a_name"),
    ("desk", "copy", f"{UNIT}store/test_store_backup.py::test_only_its_owner_may_read_a_copy"),
    ("files", "disguise", f"{UNIT}exchange/test_import_hostile.py::test_a_vrt_in_disguise_is_nobodys_format"),
    ("files", "entity", f"{UNIT}exchange/test_import_hostile.py::test_entities_are_refused_unread"),
    (
        "files",
        "bomb",
        f"{UNIT}exchange/test_import_hostile.py::test_a_bomb_is_told_by_its_directory_before_anything_is_unpacked",
    ),
    ("files", "slow", f"{UNIT}exchange/test_import_hostile.py::test_a_parser_that_takes_too_long_is_stopped"),
    ("files", "photo", f"{UNIT}city/test_photos.py::test_a_photo_with_a_place_in_it_comes_out_without_any"),
    ("load", "plans", f"{WEB}limits.py::test_who_asked_too_much_is_told_when_to_come_again"),
    ("load", "trickle", f"{WEB}serve.py::test_a_page_is_answered_beside_a_thousand_half_sent_requests"),
    ("load", "address", f"{WEB}limits.py::test_a_header_is_believed_only_behind_a_proxy"),
    ("load", "reports", f"{WEB}reports.py::test_one_address_is_slowed_down_and_others_are_not"),
    ("load", "signs", f"{WEB}stamps.py::test_who_guesses_has_to_wait"),
    (
        "load",
        "renewal",
        "tests/browser/test_offline.py::test_a_renewal_that_breaks_in_the_middle_leaves_all_as_it_was",
    ),
    (
        "load",
        "misfit",
        f"{UNIT}catalogue/test_reconcile.py::test_a_place_that_was_erased_and_is_named_by_a_figure_later_takes_nothing_else_off_the_map",
    ),
    (
        "load",
        "damage",
        f"{UNIT}store/test_store_damage.py::test_whatever_is_damaged_the_map_is_served_and_the_desk_opens_or_says_why",
    ),
)
PARTS = ("assets", "attackers", "defended", "open", "tell")


@dataclass(frozen=True, kw_only=True)
class SecurityPage(HtmlPage):
    """Hold the parts of the page; `threats` are (key, test) in their groups."""

    template = "help/security.html"
    parts = PARTS
    threats: list[tuple[str, list[tuple[str, str]]]]
    numbers: dict[str, str]

    def blocks(self, text: str) -> list[tuple[str, list[Any]]]:  # Any: as `blocks` has them
        """Return a text in its blocks."""
        return blocks(text)


@page(bp, "/help/security")
def show() -> Response:
    """Show the page."""
    grouped = groupby(THREATS, key=lambda row: row[0])
    threats = [(group, [(key, test) for _, key, test in rows]) for group, rows in grouped]
    return send_page(lambda _: SecurityPage(threats=threats, numbers=_numbers()))


def _numbers() -> dict[str, str]:
    """Return what the page names of limits and settings, by place in its sentences."""
    settings: Settings = current_app.config["SETTINGS"]
    told = {name.lower(): value for name, value in all_limits().items()}
    told |= {"session_h": settings.session_h, "plans_per_minute": settings.plans_per_minute}
    return {name: f"{value:,}" for name, value in told.items()}
