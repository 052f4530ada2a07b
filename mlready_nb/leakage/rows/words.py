"""What names and values tell of a column: an identifier, a moment, or a place in a list of kinds."""

from __future__ import annotations

# ruff: noqa: SIM905  (lists of words read best as text)
import re

#: things that are measured more than once: their identifiers make groups
ENTITIES = frozenset(
    "patient patients subject subjects subj participant participants person persons people individual user users "
    "customer customers client clients member members employee employees worker workers student students pupil "
    "player players athlete driver drivers rider passenger borrower applicant applicants household households family "
    "families device devices sensor sensors machine machines engine engines motor unit units vehicle vehicles car cars "
    "truck turbine pump battery batteries host hosts account accounts card cards cardholder wallet session sessions "
    "visitor speaker speakers author authors writer writers reviewer rater annotator animal animals mouse mice rat dog "
    "cow tree trees plant specimen specimens slide slides donor donors volunteer respondent respondents panelist "
    "caller subscriber seller sellers merchant merchants meter meters cell_line bearing bearings asset assets node "
    "pid uid sid cid ptid mrn ssn imei group groups cluster_id entity entities owner twin twins couple team".split()
)
#: a word that makes an identifier of anything
IDS = frozenset({"id", "ids", "key", "uuid", "guid", "identifier", "hash", "ident"})
#: kinds and places: a model meets the same ones again, so they are no entities
KINDS = frozenset(
    "country state region city zip zipcode postal postcode district county area neighborhood neighbourhood location "
    "loc site airport station route department dept category cat type kind class product products item items sku brand "
    "model make store stores shop shops branch warehouse school hospital clinic language currency color colour size sex "
    "gender race ethnicity marital status education occupation job industry sector cluster plan tier channel campaign "
    "version browser os platform level grade rating score code age blood income".split()
)
#: of things that `unit_price`, `group_size`, `tree_height` or `car_age` do not identify
_LOOSE = frozenset(
    {"group", "groups", "unit", "units", "person", "people", "family", "families", "car", "cars", "tree", "trees"}
)
_MEASURES = frozenset(
    "size count counts total sum mean avg average max min number num n nr price cost amount value height width length weight age "
    "time date days day hours hour rate ratio score rank share pct percent level power load temp temperature speed type".split()
)
#: moments at which a row was observed
MOMENTS = frozenset(
    "date dates datetime time timestamp ts dt day days week month quarter year hour minute second period epoch when "
    "observed recorded measured created order ordered transaction trans purchase purchased event visit pickup invoice "
    "sold sale sales posted published updated step tick cycle t".split()
)
#: times that belong to the thing itself rather than to the observation
TRAITS = frozenset(
    "birth birthday born dob birthdate birthyear signup sign registration registered joined join hire hired hiring "
    "enrollment enrolment enrolled since built renovated construction opening founded established manufactured "
    "manufacture release expiry expires expiration due last first warranty tenure age membership remod garage "
    "contract employment policy subscription".split()
)
#: words that end like a time and are none
_OTHERWISE = frozenset(
    "candidate candidates update updates mandate lifetime overtime downtime uptime runtime playtime holiday weekday monday "
    "tuesday wednesday thursday friday saturday sunday birthday".split()
)
_SIDES = frozenset(
    {"train", "tr", "trn", "training", "test", "te", "tst", "testing", "valid", "val", "eval", "holdout"}
)


def words(name: object) -> list[str]:
    """The lower-case words of a name: `patientId`, `patient_id` and `PATIENT ID` alike."""
    spaced = re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", str(name))
    return [w for w in re.split(r"[^a-z]+", spaced.lower()) if w]


def entity(name: object) -> bool:
    """True when the name speaks of an identifier of something that can occur in many rows."""
    said = words(name)
    if not said:
        return False
    joined = "".join(said)
    if joined in ENTITIES or joined in IDS:
        return True
    identifies = said[-1] in IDS | {"no", "nr", "num", "number", "code", "index", "idx", "name"} or said[0] in IDS
    if set(said) & KINDS:
        return False
    if len(said) == 1:  # patientid, userid
        stem = re.sub(r"(id|ids|no|nr|num)$", "", joined)
        return stem in ENTITIES
    if identifies and (set(said) & ENTITIES or said[-1] in IDS):
        return True
    return bool(set(said) & (ENTITIES - _LOOSE)) and not set(said) & _MEASURES


def kind(name: object) -> bool:
    """True when the name speaks of a kind or a place."""
    return bool(set(words(name)) & KINDS)


def moment(name: object) -> bool:
    """True when the name speaks of the time of an observation."""
    said = set(words(name)) - _OTHERWISE
    stems = {w.removesuffix(end) for w in said for end in ("date", "time", "day", "stamp") if w.endswith(end)}
    return bool((said | stems) & MOMENTS or stems) and not trait(name)


def trait(name: object) -> bool:
    """True when the name speaks of a time that belongs to the thing itself: of birth, of joining."""
    said = set(words(name))
    stems = {w.removesuffix(end) for w in said for end in ("date", "time", "day", "year") if w.endswith(end)}
    return bool((said | stems) & TRAITS)


def sideless(name: str) -> str:
    """The name without the word that says on which side of a split it stands."""
    return " ".join(w for w in re.split(r"[^a-z0-9]+", name.lower()) if w and w not in _SIDES)


def side(name: str) -> str | None:
    """`train` or `test`, where the name says it."""
    said = set(re.split(r"[^a-z0-9]+", name.lower()))
    if said & {"train", "tr", "trn", "training"}:
        return "train"
    return "test" if said & {"test", "te", "tst", "testing", "holdout"} else None
