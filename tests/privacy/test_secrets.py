"""Credentials in a line: vendors' shapes and telling names; gaps, hashes and places stay quiet. All values are made up."""

import random
import string

import pytest

from mlready_nb.privacy import find_secrets

_RNG = random.Random(7)


def made(n, alphabet=string.ascii_letters + string.digits):
    """Characters without a pattern, made here so that no scanner finds them in this file."""
    return "".join(_RNG.choice(alphabet) for _ in range(n))


UPPER = string.ascii_uppercase + string.digits
GITHUB, AWS, HUGGING = "ghp_" + made(36), "AKIA" + made(16, UPPER), "hf_" + made(34, string.ascii_letters)
GOOGLE, OPENAI = "AIza" + made(35), "sk-proj-" + made(48)

FOUND = [
    f'headers = {{"Authorization": "token {GITHUB}"}}',
    f"client = boto3.client('s3', aws_access_key_id='{AWS}')",
    f"login(token='{HUGGING}')",
    f'genai.configure(api_key="{GOOGLE}")',
    f"openai.api_key = '{OPENAI}'",
    'engine = create_engine("postgresql://scott:' + "t1ger!9x" + '@db.prod:5432/loans")',
    f'wandb_api_key = "{made(40, "0123456789abcdef")}"',
    "password = 'Tr0ub4dor&3'",
    'conn = psycopg2.connect(host="db", user="ml", passwd="s3cr' + '3tly-Q7")',
    f"!export API_KEY={made(24)}",
    f"%env DB_PASSWORD={made(14)}9xA",
    "# password = 'Winter2024!'",
    f'wandb.login(key="{made(40, "0123456789abcdef")}")',
    f'{{"username":"ann","key":"{made(32, "0123456789abcdef")}"}}',
    "db_password: str = 'gT7#kk91'",
    f'headers = {{"x-api-key": "{made(32)}"}}',
    'redis = "redis://:p4ss' + 'w0rd99@10.0.0.1:6379"',
    'smtp.login("ann@corp.com", "Wint3r' + '!s9")',
    f'neptune.init(api_token="{made(80)}==")',
    f'client_secret="{made(34)}"',
    "-----BEGIN RSA PRIVATE " + "KEY-----",
]

QUIET = [
    'api_key = "YOUR_API_KEY"',
    "password = os.environ['DB_PASSWORD']",
    'password = getpass.getpass("Enter your password: ")',
    "api_key = os.getenv('OPENAI_API_KEY')",
    'token = "<PAD>"',
    "df = df.drop(columns=['password'])",
    'tokenizer = AutoTokenizer.from_pretrained("bert-base-uncased")',
    'sha256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"',
    'run_id = "0f8fad5b-d9cd-469f-a165-70867728950e"',
    'api_key = "xxxxxxxxxxxxxxxxxxxxxxxxxxxx"',
    'secret_name = "prod/db/credentials"',
    'private_key = "keys/id_rsa.pem"',
    "service_key = 'customer_id'",
    'engine = create_engine("postgresql://user:password@localhost/db")',
    'url = "https://user:<password>@example.com"',
    "access_key = 'aws_access_key_id'",
    'pd.merge(a, b, left_on="account_key", right_on="id")',
    "max_token_count = 512",
    'print(f"token: {token}")',
    "PASSWORD_FIELD = 'password_hash'",
    "APACHESPARKVERSION = 3",
    'secret_key = "changeme"',
    'df["pwd"] = "unknown"',
    'git_sha = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"',
    'url = "https://raw.githubusercontent.com/org/repo/1a2b3c4d5e6f7a8b9c0d1a2b3c4d5e6f7a8b9c0d/data.csv"',
    'model_checkpoint = "distilbert-base-uncased-finetuned-sst-2-english"',
    'CountVectorizer(token_pattern="[a-zA-Z0-9]{3,20}")',
    'partition_key="2024-01-01T00:00:00"',
    'MODEL_KEY = "xgboost-2024-05-01-v3"',
    'create_engine(f"mysql://{USER}:{PASSWORD}@{HOST}/x")',
    "http://user:pass@proxy:8080",
    'aws_access_key_id="AKIAIOSFODNN7EXAMPLE"',
    'api_key = st.secrets["api_key"]',
    'parser.add_argument("--token", type=str, default="hf_token")',
]


@pytest.mark.parametrize("line", FOUND)
def test_credentials_are_found_and_masked(line):
    """Each line holds one, and what is said of it does not give it away."""
    found = list(find_secrets(line))

    assert found, line
    for one in found:
        head = one.masked.partition("…")[0]
        assert len(head) <= 4
        assert one.masked not in line


@pytest.mark.parametrize("line", QUIET)
def test_gaps_places_and_hashes_stay_quiet(line):
    """Nothing that opens a door stands in these."""
    assert not list(find_secrets(line)), line


def test_outputs_need_no_quotes_but_must_look_random():
    """A printed environment gives its keys away; a printed word under a telling name does not."""
    assert list(find_secrets(f"STRIPE_SECRET_KEY={made(32)}", output=True))
    assert list(find_secrets(f"{{'api_key': '{made(32)}'}}", output=True))
    assert not list(find_secrets("token: lemmatization accuracy 0.9312", output=True))
    assert not list(find_secrets("password    0.312    weak", output=True))
