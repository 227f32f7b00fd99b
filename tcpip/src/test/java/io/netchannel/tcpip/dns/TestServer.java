package io.netchannel.tcpip.dns;

import io.netchannel.tcpip.TestHost;
import io.netchannel.tcpip.tcp.TcpCloseReason;
import io.netchannel.tcpip.tcp.TcpFlow;
import io.netchannel.tcpip.tcp.TcpHandler;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** A DNS server with a script: zone lines that answer, or nothing. */
final class TestServer {

    private final TestHost host;
    private final Map<String, List<Record>> answers = new HashMap<>();
    private final Map<String, List<Record>> authority = new HashMap<>();
    /** Questions that came, like {@code a.test A}; by TCP with {@code /tcp}. */
    final List<String> asked = new ArrayList<>();
    final List<Integer> ports = new ArrayList<>();
    final List<Integer> ids = new ArrayList<>();
    final List<Boolean> edns = new ArrayList<>();
    /** Changes answers on their way; null loses one. */
    UnaryOperator<Message> udp = message -> message;
    UnaryOperator<byte[]> raw = bytes -> bytes;
    int rcode = Rcode.NOERROR;

    TestServer(final TestHost host) {
        this.host = host;
        host.stack().udp().bind(0, 0, 53, (socket, high, low, port, address, lengthBytes) -> {
            ports.add(port);
            final Message answer = udp.apply(answer(copy(address, lengthBytes), ""));
            if (answer != null) {
                send(raw.apply(answer.toWire()), bytes -> socket.send(high, low, port, bytes, length));
            }
        });
        host.stack().tcp().listen(0, 0, 53, 16, flow -> new TcpHandler() {
            @Override
            public int onReceive(final TcpFlow from, final long address, final int lengthBytes) {
                final byte[] query = copy(address + 2, lengthBytes - 2);
                final byte[] answer = answer(query, "/tcp").toWire();
                from.write(new byte[]{(byte) (answer.length >>> 8), (byte) answer.length}, 0, 2);
                from.write(answer, 0, answer.length);
                return lengthBytes;
            }

            @Override
            public void onPeerFinished(final TcpFlow from) {
                from.close();
            }

            @Override
            public void onClosed(final TcpFlow from, final TcpCloseReason reason) {
                // Nothing is left to do.
            }
        });
    }

    private int length;

    private interface Sender {
        void send(long address);
    }

    private void send(final byte[] bytes, final Sender sender) {
        try (Arena arena = Arena.ofConfined()) {
            final long address = arena.allocate(bytes.length).address();
            host.pool().packets().memory().copyFromArray(bytes, 0, address, bytes.length);
            length = bytes.length;
            sender.send(address);
        }
    }

    private byte[] copy(final long address, final int lengthBytes) {
        final byte[] bytes = new byte[lengthBytes];
        host.pool().packets().memory().copyToArray(address, bytes, 0, lengthBytes);
        return bytes;
    }

    /** @param line like {@code a.test. 60 A 10.0.0.1}, an answer to questions for {@code name type} */
    TestServer zone(final String question, final String... lines) {
        for (final String line : lines) {
            answers.computeIfAbsent(question, _ -> new ArrayList<>()).add(record(line));
        }
        return this;
    }

    /** An answer that there is none, with an SOA. */
    TestServer negative(final String question, final String soa) {
        authority.put(question, List.of(record(soa)));
        return this;
    }

    private static Record record(final String line) {
        final String[] words = line.split(" ", 4);
        try {
            return Record.fromString(Name.fromString(words[0]), Type.value(words[2]), DClass.IN,
                    Long.parseLong(words[1]), words[3], Name.root);
        } catch (final IOException e) {
            throw new AssertionError(line, e);
        }
    }

    private Message answer(final byte[] bytes, final String suffix) {
        try {
            final Message query = new Message(bytes);
            final Record question = query.getQuestion();
            final String key = question.getName().toString(true) + " " + Type.string(question.getType());
            asked.add(key + suffix);
            ids.add(query.getHeader().getID());
            edns.add(query.getOPT() != null);
            final Message answer = new Message(query.getHeader().getID());
            answer.getHeader().setFlag(Flags.QR);
            answer.addRecord(question, Section.QUESTION);
            answers.getOrDefault(key, List.of()).forEach(record -> answer.addRecord(record, Section.ANSWER));
            authority.getOrDefault(key, List.of()).forEach(record -> answer.addRecord(record, Section.AUTHORITY));
            final boolean unknown = !answers.containsKey(key) && rcode == Rcode.NOERROR
                    && answers.keySet().stream().noneMatch(k -> k.startsWith(question.getName().toString(true) + " "));
            answer.getHeader().setRcode(unknown ? Rcode.NXDOMAIN : rcode);
            return answer;
        } catch (final IOException e) {
            throw new AssertionError(e);
        }
    }
}
