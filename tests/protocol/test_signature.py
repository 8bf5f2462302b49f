"""Messages on the wire, their signatures, and what 3.0.6 says of a wrong one."""

from __future__ import annotations

import gzip
import json
import re
from base64 import b64encode
from pathlib import Path
from uuid import RFC_4122, UUID
from zlib import crc32

import pytest

from hasim.events import AuthFailedNetstring, AuthFailedToken, MessageDumped, MessageFieldDumped
from hasim.protocol import Auth, Message
from hasim.protocol.signature import Field, digest, fields_of, netstring, refusal, uuid_of
from hasim.units import MS, SECOND
from tests.protocol.harness import Fed

OURS, THEIRS = Auth(1, "sha1", "ours"), Auth(1, "sha1", "theirs")
STATUS = Message("status", "b", 7, 26, None, "active", 5 * SECOND, 0, THEIRS)
#: What a simulated machine fills in differently: uuids, load, and the digests over them.
FILLED_IN = re.compile(
    r"\d+:\((?:1\)(?:src|dest)uuid=.*?|0\)(?:ld|auth)=[^,]*),(?=\d+:\(|%%%)", re.DOTALL
)


def names(message: Message) -> str:
    return " ".join(field.name for field in fields_of(message, 0))


# ---- digests ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "value"),
    [
        ("md5", "750c783e6ab0b503eaa86e310a5db738"),
        ("sha1", "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"),
    ],
)
def test_a_signature_is_the_hmac_of_rfc_2202(method: str, value: str) -> None:
    assert digest(Auth(1, method, "Jefe"), b"what do ya want for nothing?") == value


def test_a_checksum_needs_no_key() -> None:
    assert digest(Auth(1, "crc", ""), b"123456789") == "cbf43926"


def test_the_packet_is_signed_over_all_its_fields() -> None:
    packet = netstring(fields_of(STATUS, 0))
    for other in (
        STATUS._replace(seqno=27),
        STATUS._replace(deadtime=6 * SECOND),
        STATUS._replace(origin="c"),
    ):
        assert digest(THEIRS, netstring(fields_of(other, 0))) != digest(THEIRS, packet)
    assert digest(THEIRS, netstring(fields_of(STATUS, 1))) != digest(THEIRS, packet)
    assert digest(THEIRS, netstring(fields_of(STATUS._replace(tag=5), 0))) == digest(THEIRS, packet)


def test_the_uuid_of_a_node_is_its_own_and_breaks_no_line() -> None:
    assert len(uuid_of("node1")) == 16
    assert uuid_of("node1") == uuid_of("node1") != uuid_of("node2")
    assert all(byte >= 0x40 for byte in uuid_of("node1"))


# ---- fields -------------------------------------------------------------------------------------


def test_a_status_has_twelve_fields_in_the_recorded_order() -> None:
    assert names(STATUS) == "t st dt protocol src srcuuid seq hg ts ld ttl auth"
    shown = {f.name: f.value for f in fields_of(STATUS, 0x474A7B35)}
    assert (shown["dt"], shown["seq"], shown["hg"], shown["ts"]) == ("1388", "1a", "7", "474a7b35")


def test_an_acknowledgement_has_no_number_of_its_own_and_a_hexadecimal_one() -> None:
    body = (("ackseq", "26"),)
    ack = Message("NS_ackmsg", "b", 7, 0, "a", None, 0, 0, THEIRS, body)
    assert names(ack) == "t dest ackseq destuuid src srcuuid hg ts ttl auth"
    assert Field("ackseq", "1a") in fields_of(ack, 0)


def test_a_request_to_send_again_is_decimal() -> None:
    body = (("firstseq", "26"), ("lastseq", "26"))
    request = Message("NS_rexmit", "b", 7, 0, "a", None, 0, 0, THEIRS, body)
    assert Field("firstseq", "26") in fields_of(request, 0)


def test_without_a_key_there_is_no_signature() -> None:
    assert "auth" not in names(STATUS._replace(auth=None))


def test_a_netstring_tells_the_length_of_each_field() -> None:
    fields = [Field("t", "status"), Field("srcuuid", bytes(range(0x80, 0x90)))]
    assert netstring(fields).startswith(b"###\n11:(0)t=status,27:(1)srcuuid=\x80\x81")
    assert netstring(fields).endswith(b"\x8f,%%%\n")


def recorded(folder: Path) -> dict[str, str]:
    """The whole packets of the recordings with different keys, one for each set of fields."""
    out = {}
    for file in sorted(folder.glob("*/trace.jsonl.gz")):
        with gzip.open(file, "rt", encoding="utf-8") as stream:
            for line in stream:
                text = json.loads(line).get("text", "")
                found = re.match(r"netstring .*?, s=(###\n.*%%%\n)", text, re.DOTALL)
                if found:
                    out[" ".join(re.findall(r"\d+:\(\d\)(\w+)=", found[1]))] = found[1]
    return out


def rebuilt(packet: str) -> tuple[Message, int]:
    """The message that a recorded packet says, and the second in which it was sent."""
    pairs = dict(re.findall(r"\d+:\(0\)(\w+)=([^,]*),", packet))
    known = "t st dt protocol dest src seq hg ts ld ttl auth client_gen".split()
    body = {k: v for k, v in pairs.items() if k not in known}
    if "ackseq" in body:
        body["ackseq"] = str(int(body["ackseq"], 16))
    message = Message(
        pairs["t"],
        pairs["src"],
        int(pairs["hg"], 16),
        int(pairs.get("seq", "0"), 16),
        pairs.get("dest"),
        None if pairs["t"] == "hbapi-clstat" else pairs.get("st"),
        int(pairs.get("dt", "0"), 16) * MS,
        0,
        THEIRS,
        ((("st", pairs["st"]),) if pairs["t"] == "hbapi-clstat" else ()) + tuple(body.items()),
    )
    return message, int(pairs["ts"], 16)


def test_recorded_packets_are_built_again_field_by_field(shared: Path) -> None:
    folder = shared / "traces" / "25f-wrong-key"
    if not folder.is_dir():
        pytest.skip("no recordings here")
    packets = recorded(folder)
    assert len(packets) >= 8
    for order, packet in packets.items():
        message, ts = rebuilt(packet)
        fields = fields_of(message, ts)
        assert " ".join(field.name for field in fields) == order
        ours = netstring(fields).decode("ascii", "replace")
        assert FILLED_IN.sub("", ours) == FILLED_IN.sub("", packet)
        assert len(FILLED_IN.findall(ours)) == len(FILLED_IN.findall(packet)) > 1


# ---- what is said of a wrong one ----------------------------------------------------------------


def test_a_refusal_is_two_lines_and_a_dump() -> None:
    said = refusal(STATUS, OURS, 0)
    packet = netstring(fields_of(STATUS, 0))
    theirs, ours = digest(THEIRS, packet), digest(OURS, packet)
    text = packet.decode("ascii", "replace")
    assert said[:3] == [
        AuthFailedToken(theirs, ours),
        AuthFailedNetstring(f"{text}42:1 {theirs},", f"1 {theirs},"),
        MessageDumped(12),
    ]
    assert theirs != ours
    dump = said[3:]
    assert dump[0] == MessageFieldDumped(0, "t=status")
    assert isinstance(dump[5], MessageFieldDumped)
    assert re.fullmatch(r"\(1\)srcuuid=0x55[0-9a-f]{9}0\(36 27\)", dump[5].text)
    assert len(dump) == 12


def test_each_side_signs_with_its_own_method() -> None:
    said = refusal(STATUS, Auth(1, "md5", "ours"), 0)[0]
    assert isinstance(said, AuthFailedToken)
    assert (len(said.authtoken), len(said.authstr)) == (40, 32)


def test_the_new_version_reports_every_copy_in_its_own_words() -> None:
    fed = Fed(accepted=frozenset({OURS}), auth=OURS)
    packet = fed.packet(1, auth=THEIRS)
    said = fed.hear(0.5, packet, packet)
    heads = [line.split("=")[0].split("[")[0] for line in said]
    once = ["authtoken does not match, authtoken", "netstring authentication failed, s"]
    once += ["MSG: Dumping message with 12 fields", *["MSG"] * 12]
    assert heads == once * 2
    assert not fed.master.state.peers["b"].heard


def test_the_old_version_names_the_node_and_dumps_nothing() -> None:
    fed = Fed("2.0.8", accepted=frozenset({OURS}), auth=OURS)
    packet = fed.packet(1, auth=THEIRS)
    line = "string2msg_ll: node [b] failed authentication"
    assert fed.hear(0.5, packet, packet) == [line, line]


@pytest.mark.parametrize("version", ["2.0.8", "3.0.6"])
def test_an_unknown_number_is_told_as_such(version: str) -> None:
    fed = Fed(version, accepted=frozenset({OURS}), auth=OURS)
    said = fed.hear(0.5, fed.packet(1, auth=Auth(2, "sha1", "ours")))
    assert said == ["Invalid authentication type [2] in message!"]


@pytest.mark.parametrize("version", ["2.0.8", "3.0.6"])
def test_log_badpack_false_drops_them_in_silence(version: str) -> None:
    ha_cf = "keepalive 1\ndeadtime 5\ninitdead 30\nlog_badpack false\nbcast eth0\nnode a b\n"
    fed = Fed(version, ha_cf, accepted=frozenset({OURS}), auth=OURS)
    assert fed.hear(0.5, fed.packet(1, auth=THEIRS)) == []
    assert not fed.master.state.peers["b"].heard


@pytest.mark.parametrize("node", [f"node{n}" for n in range(1, 13)])
def test_the_uuid_of_a_node_has_the_form_of_a_random_one(node: str) -> None:
    found = UUID(bytes=uuid_of(node))
    assert (found.version, found.variant) == (4, RFC_4122)


def test_a_message_to_a_node_bears_its_uuid_and_that_of_its_sender() -> None:
    shown = {f.name: f.value for f in fields_of(STATUS._replace(dest="a"), 0)}
    assert (shown["destuuid"], shown["srcuuid"]) == (uuid_of("a"), uuid_of("b"))


@pytest.mark.parametrize(("fields", "order"), [
    ("st from_id to_id info", "t st from_id to_id src info client_gen srcuuid seq hg ts ld ttl"),
    ("st from_id to_id", "t st from_id to_id src client_gen srcuuid seq hg ts ld ttl"),
])  # fmt: skip
def test_the_coming_of_a_client_names_its_origin_before_the_comment(
    fields: str, order: str
) -> None:
    """As in the recordings of 3.0.6 with a wrong key; here without them."""
    body = tuple((name, "x") for name in fields.split())
    join = Message("hbapi-clstat", "b", 7, 26, None, None, 0, 0, None, body)
    assert names(join) == order
    shown = {f.name: f.value for f in fields_of(join, 0)}
    assert (shown["src"], shown["client_gen"]) == ("b", "0")


def test_the_older_signature_is_over_the_lines_of_the_classic_form() -> None:
    """Name and value a line, binary ones in base 64 (semantics 3.1)."""
    signed = STATUS._replace(auth=Auth(3, "crc", ""))
    *fields, auth = fields_of(signed, 0x474A7B35)
    uuid = b64encode(uuid_of("b")).decode()
    lines = "t=status st=active dt=1388 protocol=1 src=b seq=1a hg=7 ts=474a7b35"
    text = "".join(f"{line}\n" for line in lines.split())
    text = text.replace("seq=1a\n", f"(1)srcuuid={uuid}\nseq=1a\n")
    text += "ld=0.00 0.00 0.00 1/64 64\nttl=4\n"
    assert "".join(f.classic.decode() for f in fields) == text
    assert auth == Field("auth", f"3 {crc32(text.encode()):x}")
