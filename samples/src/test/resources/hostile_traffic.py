"""What no honest host sends, made by scapy: python3 hostile_traffic.py INTERFACE CASE. Ends with 0 if the node answers as it must.

The peer that it plays is a station of its own, with an own link address, so that the kernel doesn't meddle.
"""
import sys
import time

from scapy.all import ARP, ICMP, IP, TCP, UDP, Ether, Raw, conf, fragment

NODE = "10.7.0.2"
PEER = "10.7.0.77"
PEER_MAC = "02:00:00:00:07:77"
ECHO, CHARGEN, CLOSED = 7, 19, 81
FIN, SYN, RST, PSH, ACK, URG = 1, 2, 4, 8, 16, 32
ANSWER_S = 10
SILENCE_S = 0.3

conf.verb = 0


class Station:
    """The peer's link: sends, and answers for its address."""

    def __init__(self, interface):
        # Filtered in the kernel: an honest transfer beside this would fill the socket's queue.
        self.socket = conf.L2socket(iface=interface, promisc=True,
                                    filter=f"ether dst {PEER_MAC} or (arp and ether broadcast)")
        self.node_mac = None
        self.socket.send(Ether(src=PEER_MAC, dst="ff:ff:ff:ff:ff:ff")
                         / ARP(op=1, hwsrc=PEER_MAC, psrc=PEER, pdst=NODE))
        reply = self.receive(lambda p: ARP in p and p[ARP].op == 2 and p[ARP].psrc == NODE, ANSWER_S)
        assert reply is not None, "no answer to ARP"
        self.node_mac = reply[ARP].hwsrc

    def send(self, packet):
        self.socket.send(Ether(src=PEER_MAC, dst=self.node_mac) / packet)

    def receive(self, matches, seconds):
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            if not self.socket.select([self.socket], left):
                continue
            packet = self.socket.recv(65535)
            if packet is None or packet.src == PEER_MAC:
                continue
            if ARP in packet and packet[ARP].op == 1 and packet[ARP].pdst == PEER:
                self.socket.send(Ether(src=PEER_MAC, dst=packet.src)
                                 / ARP(op=2, hwsrc=PEER_MAC, psrc=PEER, hwdst=packet.src, pdst=packet[ARP].psrc))
            elif packet.dst == PEER_MAC and matches(packet) or self.node_mac is None and matches(packet):
                return packet
        return None


class Segments:
    """One end of a connection whose every segment is ours to choose."""

    next_port = 20000

    def __init__(self, station, remote_port):
        self.station = station
        self.remote_port = remote_port
        Segments.next_port += 1
        self.port = Segments.next_port
        self.first = 1000
        self.peer_first = None

    def segment(self, flags, offset=0, payload=b"", ack=0, **fields):
        """Sequence number and acknowledgment count from the first byte of each side."""
        acknowledged = (self.peer_first + ack) % 2**32 if self.peer_first is not None else 0
        return IP(src=PEER, dst=NODE) / TCP(sport=self.port, dport=self.remote_port, flags=flags,
                                            seq=(self.first + offset) % 2**32, ack=acknowledged,
                                            **fields) / Raw(payload)

    def send(self, *arguments, **fields):
        self.station.send(self.segment(*arguments, **fields))

    def receive(self, seconds=ANSWER_S):
        packet = self.station.receive(lambda p: TCP in p and p[TCP].dport == self.port, seconds)
        return None if packet is None else packet[TCP]

    def open(self, **fields):
        self.send(SYN, -1, **fields)
        answer = self.receive()
        assert answer is not None and int(answer.flags) & 0x3F == SYN | ACK, f"no SYN,ACK but {answer}"
        self.peer_first = answer.seq + 1
        self.send(ACK, **fields)
        return self

    def payload(self, segment):
        """Where the payload begins in the peer's stream, and the payload."""
        ip = segment.underlayer
        # Not the frame's padding.
        length = ip.len - ip.ihl * 4 - segment.dataofs * 4
        return (segment.seq - self.peer_first) % 2**32, bytes(segment.payload)[:length]

    def read(self, bytes_wanted, sent):
        """Reads and acknowledges what the peer sends, until there is so much of it in order."""
        stream = b""
        while len(stream) < bytes_wanted:
            segment = self.receive()
            assert segment is not None, f"{len(stream)} of {bytes_wanted} bytes, then nothing"
            assert not int(segment.flags) & RST, "reset"
            offset, payload = self.payload(segment)
            if offset == len(stream):
                stream += payload
            self.send(ACK, sent, ack=len(stream))
        return stream

    def must_echo(self, offset, received, text=b"still here"):
        """Both ends count {offset} bytes of ours and {received} of the peer's before."""
        self.send(PSH | ACK, offset, text, ack=received)
        answer = b""
        while len(answer) < len(text):
            segment = self.receive()
            assert segment is not None, "the connection is dead"
            assert not int(segment.flags) & RST, "the connection was reset"
            at, payload = self.payload(segment)
            if payload and at == received + len(answer):
                answer += payload
                self.send(ACK, offset + len(text), ack=received + len(answer))
        assert answer == text, answer

    def abort(self, offset=0):
        self.send(RST | ACK, offset)


def flags(station):
    """Every combination of the six flags, for a listener and for nobody (RFC 9293, 3.10.7.1 and 3.10.7.2; a SYN with FIN as Linux)."""
    for port in (ECHO, CLOSED):
        for combination in range(64):
            probe = Segments(station, port)
            probe.send(combination, -1)
            if combination & RST:
                expected = None
            elif port == CLOSED or combination & ACK:
                expected = RST
            elif combination & SYN and not combination & FIN:
                expected = SYN | ACK
            else:
                expected = None
            answer = probe.receive(ANSWER_S if expected is not None else 0.02)
            got = None if answer is None else int(answer.flags) & 0x3F & ~(ACK if expected == RST else 0)
            assert got == expected, f"port {port}, flags {combination:#x}: {got} instead of {expected}"
            if expected == SYN | ACK:
                probe.peer_first = answer.seq + 1
                probe.abort()
    # A listener that got anything else has not lost its mind.
    sane = Segments(station, ECHO).open()
    sane.must_echo(0, 0)
    sane.abort(10)


def christmas(station):
    """Every flag on an established connection: a challenge ACK (RFC 5961, 4.2), and it lives on."""
    connection = Segments(station, ECHO).open()
    connection.must_echo(0, 0)
    for combination in (SYN | FIN | URG | PSH | ACK, SYN, SYN | FIN, 0, FIN | PSH | URG, RST | SYN):
        connection.send(combination, 5_000_000, b"x" * 10, ack=10)
        connection.send(combination & ~RST & ~FIN | SYN, 10, b"", ack=10)
    connection.must_echo(10, 10)
    # In the window, but not exactly the next: a challenge ACK, no end (RFC 5961, 3.2).
    connection.send(RST, 21)
    connection.must_echo(20, 20)
    connection.abort(30)


def overlaps(station):
    """Segments that overlap in every way, in and out of order, some again."""
    text = bytes((7 * i) % 251 for i in range(1200))
    connection = Segments(station, ECHO).open()
    for start, end in ((200, 300), (150, 250), (600, 700), (500, 900), (299, 501), (0, 100), (50, 150), (30, 60), (0, 1),
                       (149, 151), (1100, 1200), (1000, 1150), (850, 1050), (0, 1200)):
        connection.send(ACK, start, text[start:end])
    assert connection.read(len(text), len(text)) == text, "echoed differently"
    connection.abort(len(text))


def options(station):
    """Options that are malformed, unknown or senseless: what follows them is left out, the segment counts, as Linux."""
    for raw in (b"\x02\x00\x05\xb4", b"\x02\x01\x05\xb4", b"\x02\x28\x05\xb4", b"\x02\x03\x05\x01", b"\x03\x03\xff\x00",
                b"\x02\x04\x00\x00", b"\x02\x04\x00\x01", b"\xfd\x04\x12\x34", b"\x4d\x02\x01\x01", b"\x08\x04\x00\x00",
                b"\x05\x02\x01\x01", b"\x05\x0b" + b"\xff" * 10, b"\x01" * 40, b"\x00" * 40, b"\xff" * 40,
                b"\x04\x02" * 20, b"\x08\x0a" + b"\xff" * 8 + b"\x01\x01", b"\x22\x02\x01\x01", b"\x13\x12" + b"\x55" * 18):
        connection = Segments(station, ECHO)
        length = 20 + len(raw)
        segment = connection.segment(SYN, -1, dataofs=length // 4)
        segment[TCP].remove_payload()
        segment = segment / Raw(raw)
        connection.station.send(segment)
        answer = connection.receive()
        assert answer is not None and int(answer.flags) & 0x3F == SYN | ACK, f"options {raw.hex()}: {answer}"
        connection.peer_first = answer.seq + 1
        connection.abort()
    for offset in (0, 4, 15):
        connection = Segments(station, ECHO)
        connection.send(SYN, -1, dataofs=offset)
        assert connection.receive(SILENCE_S) is None, f"data offset {offset} was answered"
    # On a live connection: a SACK of what was never sent, a timestamp out of nowhere.
    connection = Segments(station, ECHO).open()
    for raw in (b"\x01\x01\x05\x0a\x00\x00\x00\x05\x00\x00\x00\x01", b"\x01\x01\x05\x0a" + b"\xff" * 8,
                b"\x01\x01\x08\x0a" + b"\x00" * 8, b"\x01\x01\x08\x0a" + b"\xff" * 8):
        segment = connection.segment(ACK, dataofs=8)
        segment[TCP].remove_payload()
        connection.station.send(segment / Raw(raw))
    connection.must_echo(0, 0)
    connection.abort(10)


def checksums(station):
    """Nobody answers what is damaged."""
    damaged = Segments(station, ECHO)
    damaged.send(SYN, -1, chksum=0x1234)
    assert damaged.receive(SILENCE_S) is None, "TCP"
    packet = damaged.segment(SYN, -1)
    packet[IP].chksum = 0x1234
    station.send(packet)
    assert damaged.receive(SILENCE_S) is None, "IP"
    station.send(IP(src=PEER, dst=NODE) / UDP(sport=4000, dport=ECHO, chksum=0x1234) / b"damaged")
    station.send(IP(src=PEER, dst=NODE) / ICMP(type=8, chksum=0x1234) / b"damaged")
    assert station.receive(lambda p: UDP in p or ICMP in p, SILENCE_S) is None, "UDP or ICMP"
    for length in (0, 7, 9, 60000):
        station.send(IP(src=PEER, dst=NODE) / UDP(sport=4000, dport=ECHO, len=length) / b"ab")
    for length in (19, 21, 65535):
        station.send(IP(src=PEER, dst=NODE, len=length) / UDP(sport=4000, dport=ECHO) / b"ab")
    station.send(IP(src=PEER, dst=NODE, ihl=4) / UDP(sport=4000, dport=ECHO) / b"ab")
    station.send(IP(src=PEER, dst=NODE, ihl=15) / UDP(sport=4000, dport=ECHO) / b"ab")
    station.send(IP(src=PEER, dst=NODE, version=6) / UDP(sport=4000, dport=ECHO) / b"ab")
    assert station.receive(lambda p: UDP in p, SILENCE_S) is None, "a length that lies"
    damaged.open().must_echo(0, 0)
    damaged.abort(10)


def windows(station):
    """Windows that are shut, opened by a byte, taken back: never more than was allowed."""
    connection = Segments(station, CHARGEN)
    connection.open(window=0)
    allowed = received = 0
    for window in (1, 2, 0, 1, 600, 0, 3000):
        # A window that is taken back (RFC 9293, 3.8.6, SHOULD-16) doesn't undo what it allowed.
        allowed = max(allowed, received + window)
        connection.send(ACK, ack=received, window=window)
        end = time.monotonic() + 0.6
        while received < allowed and time.monotonic() < end:
            segment = connection.receive(0.2)
            if segment is None:
                continue
            offset, payload = connection.payload(segment)
            if len(payload) and offset < 2**31:
                assert offset + len(payload) <= allowed, f"{offset + len(payload)} bytes, {allowed} allowed"
                if offset <= received:
                    received = max(received, offset + len(payload))
        connection.send(ACK, ack=received, window=0)
        allowed = max(allowed, received)
    assert received > 600, f"only {received} bytes came"
    connection.abort()
    closed = Segments(station, ECHO).open()
    closed.must_echo(0, 0)
    closed.abort(10)


def fragments(station):
    """Fragments of 8 bytes make a segment; overlapping, endless, lying ones make nothing."""
    connection = Segments(station, ECHO)
    whole = connection.segment(SYN, -1, options=[("MSS", 1460), ("NOP", None), ("WScale", 7)])
    for piece in reversed(fragment(whole, fragsize=8)):
        station.send(piece)
    answer = connection.receive()
    assert answer is not None and int(answer.flags) & 0x3F == SYN | ACK, f"no SYN,ACK but {answer}"
    connection.peer_first = answer.seq + 1
    connection.send(ACK)
    connection.must_echo(0, 0)
    connection.abort(10)
    identification = 5000
    for pieces in (((0, 1, 16), (1, 0, 16)), ((0, 1, 16), (0, 1, 24), (2, 0, 8)), ((0, 1, 24), (1, 1, 8), (3, 0, 8)),
                   ((8191, 0, 1400),), ((0, 1, 7), (1, 0, 8)), ((0, 1, 8), (2, 0, 8), (1, 1, 16)), ((0, 0, 8), (1, 1, 8)),
                   ((1, 0, 8), (2, 0, 8), (0, 1, 8))):
        identification += 1
        for at, more, length in pieces:
            station.send(IP(src=PEER, dst=NODE, id=identification, frag=at, flags=more, proto=17)
                         / Raw((b"\x0f\xa0\x00\x07\x00\x18\x00\x00" * 200)[:length]))
    for i in range(3000):
        # Datagrams that will never be whole.
        station.send(IP(src=PEER, dst=NODE, id=10000 + i, frag=i % 100, flags=1, proto=17) / Raw(b"f" * 8))
    fresh = Segments(station, ECHO).open()
    fresh.must_echo(0, 0)
    fresh.abort(10)


def errors(station):
    """ICMP errors that are wrong, forged, cut short, or about each other: no connection dies, none is answered."""
    connection = Segments(station, ECHO).open()
    connection.must_echo(0, 0)

    def about(seq):
        # What the node would have sent.
        return bytes(IP(src=NODE, dst=PEER, proto=6, len=40)
                     / TCP(sport=ECHO, dport=connection.port, seq=seq % 2**32, flags=ACK))

    far = about(connection.peer_first + 1_000_000_000)
    near = about(connection.peer_first)
    for kind, code, mtu in ((3, 3, 0), (3, 2, 0), (3, 13, 0), (3, 4, 68), (3, 4, 0), (3, 4, 65535), (4, 0, 0), (5, 1, 0),
                            (11, 0, 0), (12, 0, 0), (255, 0, 0), (3, 255, 0)):
        for quoted in (far, far[:20], far[:27], b"", b"\x45", b"\xff" * 28, bytes(64)):
            fields = {"nexthopmtu": mtu} if kind == 3 else {}
            station.send(IP(src=PEER, dst=NODE) / ICMP(type=kind, code=code, **fields) / Raw(quoted))
    # An established connection survives even those that fit (RFC 1122, 4.2.3.9; RFC 5927).
    for code in (0, 1, 2, 3, 13):
        station.send(IP(src=PEER, dst=NODE) / ICMP(type=3, code=code) / Raw(near))
    answer = station.receive(lambda p: ICMP in p and p[IP].src == NODE, SILENCE_S)
    assert answer is None, f"an ICMP error was answered: {answer}"
    connection.must_echo(10, 10)
    connection.abort(20)


if __name__ == "__main__":
    globals()[sys.argv[2]](Station(sys.argv[1]))
