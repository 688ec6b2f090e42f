"""The broker's address says who we are there, or nothing of it."""

from faststream.kafka.security import parse_security

from shared.address import reach, security


def test_an_address_with_a_name_is_scram() -> None:
    address = "sasl://agency.palu:s3-cr_t@kafka-1:9092,kafka-2:9092"
    assert reach(address) == {
        "bootstrap_servers": "kafka-1:9092,kafka-2:9092",
        "security_protocol": "SASL_PLAINTEXT",
        "sasl_mechanism": "SCRAM-SHA-512",
        "sasl_plain_username": "agency.palu",
        "sasl_plain_password": "s3-cr_t",
    }
    told = {name: value for name, value in reach(address).items() if name != "bootstrap_servers"}
    assert parse_security(security(address)) == told | {"ssl_context": None}


def test_an_address_without_is_a_given_broker_s_own_affair() -> None:
    assert reach("127.0.0.1:9092") == {"bootstrap_servers": "127.0.0.1:9092"}
    assert security("127.0.0.1:9092") is None
