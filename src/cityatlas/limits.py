"""Say each limit that staff and visitors can run into once: its value, its unit in its name, and where it is told.

The handbook of staff tells all of them that have no sentence of their own below; its place `{rows}` is ROWS. What
nobody runs into (how much is kept, how long is searched) stands where it is used.
"""

from __future__ import annotations

from typing import Final

# Accounts and logging in
INVITATION_H: Final = 72
ACCOUNT_LETTERS: Final = 60  # of the name that colleagues see
PASSWORD_LETTERS: Final = 12  # at least
PASSWORD_MOST: Final = 128  # letters
SESSIONS_DAYS: Final = 30  # so that people see where they were logged in of late
FREE_TRIES: Final = 5  # failures that pass without a wait
FREE_OFFICE: Final = 20  # of one address: an office shares one; so do all browsers that one person has logged in from
FIRST_WAIT_S: Final = 30  # doubled by each further failure
LONGEST_WAIT_MIN: Final = 15
SECRET_LETTERS: Final = 32  # at least
RECOVERY_CODES: Final = 10  # that stand in for a second factor, each once
HALF_LOGIN_MIN: Final = 10  # between the password and the code
MAIL_HOURS: Final = 24  # between two mails to one person, at least

# The form
NAME_LETTERS: Final = 200
SHORT_ZH_LETTERS: Final = 8  # of a short name, which stands on the map: two lines of four signs
SHORT_EN_LETTERS: Final = 24
TEXT_LETTERS: Final = 20_000
ITEMS: Final = 500  # of a list, in a form as in a file: each is held to all sources, and nobody reads more
HOURS_LETTERS: Final = 255  # as of every value in OSM; what is longer takes too long to be looked through
COMMENT_LETTERS: Final = 2_000
FORM_MB: Final = 1  # a shape of 5,000 positions, sent as a form, is a third of it
LINE_CORNERS: Final = 2  # at least
AREA_CORNERS: Final = 3  # at least
FEATURE_VERTICES: Final = 5_000  # of one feature: checks and pictures stay quick whatever a file holds
STOPS: Final = 100  # of a tour route
HOURS_DAYS: Final = 14  # that are told of opening hours while they are typed
OTHERS_MIN: Final = 30  # for so long it is told that somebody else saved
PRESENT_S: Final = 60  # a page tells of itself every twenty seconds
ALT_LETTERS: Final = 300  # of what is said of a photo to those who do not see it
CREDIT_LETTERS: Final = 120  # of who took it, and of its licence
PHOTOS: Final = 40  # that are handed in at once
PHOTOS_MB: Final = 200  # of all of them where no script sends each by itself: 40 of a phone's usual 5 MB
PHOTOS_WAITING: Final = 200  # of everybody, that have no place yet
PHOTOS_WAIT_DAYS: Final = 7  # then they are deleted
TABLE_ROWS: Final = 50  # on a page
BULK_PLACES: Final = 1_000  # of one bulk change: more are neither looked through nor checked in a request
FIX_MOST_M: Final = 30  # that a phone may be off where somebody stands at a place
VERIFY_PLACES: Final = 100  # that the page of positions lists: those near, or those that are worth least
FIX_AGE_DAYS: Final = 14  # for which a fix that could not be sent waits on a phone

# Files
FILE_MB: Final = 10
UNPACKED_MB: Final = 50  # of all that a zip, XLSX or KMZ holds
ZIP_RATIO: Final = 100  # unpacked bytes for each packed one; plain tables reach about 20
ZIP_ENTRIES: Final = 100
ROWS: Final = 20_000  # of a table, its header among them
COLUMNS: Final = 200
SHEETS: Final = 20
CELL_LETTERS: Final = 32_767  # that Excel keeps in a cell
CSV_CELL_LETTERS: Final = 131_072  # Excel keeps a quarter of that
FEATURES: Final = 10_000  # of a file that is imported
VERTICES: Final = 50_000  # of a file
SHAPEFILE_BYTES: Final = 254  # of a text in a DBF; longer ones are cut, and the legend says so
MEGAPIXELS: Final = 40
PHOTO_PX: Final = 1_600  # the widest file of a photo
PARSE_CPU_S: Final = 10  # seconds of processor time that a file may take to be parsed
PARSE_WALL_S: Final = 60  # seconds that it may take on a busy machine
PARSE_MEMORY_GB: Final = 1
UPLOAD_H: Final = 1  # for which a file is kept that nobody imports
UPLOADS: Final = 5  # files of one person at a time; the oldest goes

KEPT_MB: Final = 5  # that a phone keeps of a city, to look at without a network
# What visitors seek in vain
VAIN_LETTERS: Final = 40  # of a term; a longer one may be a sentence about somebody
VAIN_MINUTES: Final = 3  # of a week in which a term is asked for before it is kept: what one person types once is not
VAIN_TERMS_A_WEEK: Final = 200

# Reports of visitors
REPORT_LETTERS: Final = 1_000
CONTACT_LETTERS: Final = 120
FREE_REPORTS: Final = 5  # of one address in a day; each further one waits twice as long as the one before
MOST_REPORTS: Final = 2_000  # unanswered: more than anybody reads, so somebody is filling the disk
NOTE_LETTERS: Final = 500  # of an answer

# What is still to do
HOURS_OLD_DAYS: Final = 180  # hours whose source is older than this may have changed with the season
PHASE_MONTHS: Final = 18  # a project that says nothing for so long has moved on, or has stopped
POSITION_YEARS: Final = 2  # after so long a position that somebody verified is looked at again
FAILING_DAYS: Final = 7  # a link that fails once may be a bad day of the server
DRAFT_DAYS: Final = 14  # a draft that nobody touched for so long is forgotten
EXPIRY_DAYS: Final = 14  # how long before its end an expiry is told
DISTRICT_M: Final = 100  # outlines are drawn by hand: what lies this close to its district lies in it
OUTLINE_M: Final = 500  # the same for the city's outline, which has some fifty corners only

# What visitors ask for
ADDRESS_LETTERS: Final = 8_192  # of path and query: what most proxies let pass
AHEAD_DAYS: Final = 400  # beyond it neither hours nor holidays are known
TOUR_LEAST_MIN: Final = 20
TOUR_MOST_H: Final = 16
TOUR_MUSTS: Final = 12  # places that must be in it
TOUR_PLACES: Final = 60  # that are left out, ordered or kept
TOUR_PEOPLE: Final = 500
THEME_WEIGHT: Final = 3
STAY_LEAST_MIN: Final = 5
STAY_MOST_MIN: Final = 480
WALK_LEAST_M: Final = 100
WALK_MOST_M: Final = 40_000
WISH_KB: Final = 60  # of a body; the server takes no more of any
OGC_ITEMS: Final = 10_000  # at once, below /ogc
CHANGES: Final = 50  # of what was published, on a page and in a feed

# Embeds
EMBED_PAGES_A_DAY: Final = 1_000  # on which embeds were seen, by name; all others of a day are counted together

# Pictures of the map
PICTURE_LEAST_PX: Final = 160  # of each side
PICTURE_MOST_PX: Final = 2_400
PICTURE_RATIO: Final = 4  # of the longer side to the shorter, at most

# The files of a city
DAY_MIN: Final = 1_440  # of a visit
COUNT: Final = 10_000  # people of a group, seats of a boat, minutes of a programme
STATED_VALUE: Final = 1_000_000  # metres or minutes that a source states
ACCURACY_M: Final = 5_000
RUNS: Final = 100  # of a timetable
HOLIDAY_DAYS: Final = 100  # of one list of one year
HOLIDAYS_BYTES: Final = 200_000
FIGURE_VALUE: Final = 10**15

# The sentence that tells of a limit where the handbook does not.
SENTENCES: Final = {
    "ACCOUNT_LETTERS": "staff.fault_display_name",
    "KEPT_MB": "keep.lead",
    "ADDRESS_LETTERS": "error.text_414",
    "AHEAD_DAYS": "planner.wrong_too_far_ahead",
    "HOURS_LETTERS": "editmap.hours_long",
    "CSV_CELL_LETTERS": "files.large_cell",
    "RUNS": "fault.many_runs",
    "HOLIDAY_DAYS": "fault.many_days",
    "HOLIDAYS_BYTES": "fault.holidays_large",
    "DAY_MIN": "fault.whole_range",
    "COUNT": "fault.whole_range",
    "STATED_VALUE": "fault.open_range",
    "ACCURACY_M": "fault.whole_range",
    "FIGURE_VALUE": "fault.not_number",
    "TOUR_LEAST_MIN": "planner.wrong_length",
    "TOUR_MOST_H": "planner.wrong_length",
    "TOUR_MUSTS": "planner.wrong_too_many",
    "TOUR_PLACES": "planner.wrong_too_many",
    "TOUR_PEOPLE": "planner.wrong_number",
    "THEME_WEIGHT": "planner.wrong_number",
    "STAY_LEAST_MIN": "planner.wrong_number",
    "STAY_MOST_MIN": "planner.wrong_number",
    "WALK_LEAST_M": "planner.wrong_number",
    "WALK_MOST_M": "planner.wrong_number",
    "WISH_KB": "planner.wrong_too_large",
    "OGC_ITEMS": "gis.limit",
    "CHANGES": "news.lead",
    "EMBED_PAGES_A_DAY": "uses.text",
}


def all_limits() -> dict[str, int]:
    """Return the value of each limit by its name."""
    return {name: value for name, value in globals().items() if name.isupper() and isinstance(value, int)}
