import os
import stat

import pytest

from bot.settings import NAMES, ROOT, SettingsError, load_settings


@pytest.fixture
def root(tmp_path):
    """A checkout with the encoder's two files and nothing else."""
    encoder = tmp_path / "bot" / "encoder"
    encoder.mkdir(parents=True)
    for name in ("encoder.int8.onnx", "tokenizer.json"):
        (encoder / name).touch()
    return tmp_path


def faults(root, **given):
    with pytest.raises(SettingsError) as error:
        load_settings(given, root)
    return error.value.faults


def test_nothing_given_means_the_embedded_defaults(root):
    settings = load_settings({}, root)

    assert ("127.0.0.1", 8000, 5005, 5055) == (
        settings.host,
        settings.port,
        settings.rasa_port,
        settings.actions_port,
    )
    assert f"sqlite:///{root}/var/tongxing.db" == settings.database_url


def test_the_example_lists_every_setting_with_its_default():
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    example = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))

    assert {name: default for name, (default, _) in NAMES.items()} == example


def test_all_faults_are_told_at_once(root):
    found = faults(root, TONGXING_PORT="eighty", LOG_LEVEL="loud", DATABASE_URL="mysql://x", TONGXING_PROT="1")

    assert ["DATABASE_URL", "LOG_LEVEL", "TONGXING_PORT", "TONGXING_PROT"] == sorted(line.split()[0] for line in found)


@pytest.mark.parametrize(
    "name, value",
    [
        ("TONGXING_PORT", "0"),
        ("RASA_PORT", "65536"),
        ("ACTIONS_PORT", "５０５５"),
        ("RASA_PORT", "8000"),
        ("TONGXING_HOST", "http://here"),
        ("TONGXING_SECRET", "short"),
        ("TONGXING_PUBLIC_URL", "here.example"),
        ("TONGXING_PUBLIC_URL", "https://here.example/path"),
        ("TONGXING_QUIET_MS", "-1"),
        ("TONGXING_RASA_TIMEOUT_MS", "1.5"),
        ("TONGXING_ENCODER", "nowhere"),
        ("TONGXING_VAR", "/dev/null/var"),
        ("DATABASE_URL", "not an address"),
        ("TELEGRAM_TOKEN", "not a token"),
        ("TELEGRAM_WEBHOOK_URL", "http://here.example/telegram/webhook"),
        ("TELEGRAM_WEBHOOK_URL", "https://here.example/elsewhere"),
        ("TELEGRAM_WEBHOOK_SECRET", "short"),
        ("TELEGRAM_API_URL", "ftp://here.example"),
        ("TELEGRAM_BOT_TOKEN", "1:a"),
    ],
)
def test_a_wrong_value_is_named_in_one_line(root, name, value):
    [fault] = faults(root, **{name: value})

    assert name in fault
    assert "\n" not in fault


def test_a_password_in_the_database_address_is_never_repeated(root):
    assert "hunter2" not in faults(root, DATABASE_URL="mysql://me:hunter2@host/x")[0]


def test_the_secret_is_made_once_and_for_its_owner_only(root):
    first, second = load_settings({}, root), load_settings({}, root)

    assert first.secret == second.secret
    assert 0o600 == stat.S_IMODE(os.stat(root / "var" / "secret").st_mode)
    assert ["secret"] == os.listdir(root / "var")


def test_the_environment_goes_before_the_file(root):
    (root / ".env").write_text('# ours\nTONGXING_PORT=9001\nRASA_PORT="9002"\n', encoding="utf-8")

    settings = load_settings({"TONGXING_PORT": "9101"}, root)

    assert (9101, 9002) == (settings.port, settings.rasa_port)


def test_an_empty_value_is_the_default(root):
    assert 8000 == load_settings({"TONGXING_PORT": " "}, root).port


def test_children_read_the_same_settings_back(root):
    settings = load_settings({"TONGXING_QUIET_MS": "50", "TONGXING_SECRET": "s" * 40}, root)

    assert settings == load_settings({**settings.environment(), "TONGXING_SECRET": settings.secret}, root)


def test_a_webhook_needs_a_token_and_a_secret(root):
    found = faults(root, TELEGRAM_WEBHOOK_URL="https://here.example/telegram/webhook")

    assert ["TELEGRAM_TOKEN", "TELEGRAM_WEBHOOK_SECRET"] == [fault.split()[2] for fault in found]


def test_keys_are_told_to_the_front_door_alone_and_shown_to_nobody(root):
    keys = {"TELEGRAM_TOKEN": "1:AAtoken", "TELEGRAM_WEBHOOK_SECRET": "w" * 20, "TONGXING_SECRET": "s" * 40}
    settings = load_settings(keys, root)

    assert keys.items() <= settings.front_door().items()
    assert not keys.keys() & settings.environment().keys()
    assert not [key for key in keys.values() if key in repr(settings)]


def test_a_wrong_token_is_never_repeated(root):
    assert "hunter2" not in faults(root, TELEGRAM_TOKEN="hunter2")[0]
