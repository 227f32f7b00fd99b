package io.netchannel.kernel.storage.mapped;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netchannel.kernel.linux.LinuxException;
import io.netchannel.kernel.sched.RunLoop;
import io.netchannel.kernel.storage.journal.Journal;
import io.netchannel.kernel.storage.journal.JournalConfig;
import io.netchannel.kernel.storage.journal.JournalException;
import io.netchannel.kernel.storage.journal.JournalListener;
import io.netchannel.kernel.storage.journal.JournalReader;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The journal on files of Linux. */
final class DirectoryJournalTest {

    private static final int RECORDS = 2000;
    private static final int PAYLOAD_BYTES = 100;
    private static final JournalConfig CONFIG = new JournalConfig(64 << 10, 0);

    @TempDir
    private Path directory;

    /** Acknowledged on a run loop; counts down when so many records are. */
    private static final class Acknowledged implements JournalListener {

        private final CountDownLatch all = new CountDownLatch(1);
        private Journal journal;

        @Override
        public void onCommitted(final long position) {
            if (journal.committedSequence() == RECORDS) {
                all.countDown();
            }
        }

        @Override
        public void onFailed(final LinuxException failure) {
            throw failure;
        }
    }

    private static Journal open(final DirectoryStorage storage, final Acknowledged listener, final Runnable wake) {
        listener.journal = Journal.open(storage, CONFIG, new Random(), listener, null, wake);
        return listener.journal;
    }

    @Test
    void shouldAcknowledgeOnTheLoopWhileAnotherThreadReads() throws InterruptedException {
        final Acknowledged listener = new Acknowledged();
        final RunLoop loop = RunLoop.builder("journal").build();
        try (DirectoryStorage storage = DirectoryStorage.open(directory)) {
            final Journal journal = open(storage, listener, loop.wakeWord()::signal);
            final byte[] payload = new byte[PAYLOAD_BYTES];
            final int[] appended = new int[1];
            loop.add(journal);
            loop.add(nowNs -> {
                final int before = appended[0];
                while (appended[0] < RECORDS && journal.append(appended[0], payload, 0, payload.length) > 0) {
                    appended[0]++;
                }
                journal.commit();
                return appended[0] - before;
            });
            loop.start();
            long number = 0;
            try (JournalReader reader = journal.reader(journal.firstPosition())) {
                while (number < RECORDS) {
                    if (reader.next()) {
                        assertThat(reader.sequence()).isEqualTo(++number);
                        assertThat(reader.type()).isEqualTo((int) number - 1);
                        assertThat(reader.payloadBytes()).isEqualTo(PAYLOAD_BYTES);
                    } else {
                        Thread.yield();
                    }
                }
            }
            listener.all.await();
            loop.close();
            journal.close();
            final Journal again = open(storage, new Acknowledged(), () -> {
            });
            assertThat(again.nextSequence()).isEqualTo(RECORDS + 1);
            assertThat(again.damage()).isEmpty();
            again.close();
        }
    }

    @Test
    void shouldServeWhatIsLeftOfAFileThatWasCutOff() throws Exception {
        final byte[] payload = new byte[PAYLOAD_BYTES];
        try (DirectoryStorage storage = DirectoryStorage.open(directory)) {
            try (Journal journal = open(storage, new Acknowledged(), () -> {
            })) {
                for (int i = 0; i < 100; i++) {
                    journal.append(i, payload, 0, payload.length);
                }
            }
            final String name = storage.names().stream().filter(each -> each.endsWith(".journal")).findFirst()
                    .orElseThrow();
            try (FileChannel channel = FileChannel.open(directory.resolve(name), StandardOpenOption.WRITE)) {
                channel.truncate(64 + 10 * 128 + 50);
            }
            try (Journal journal = open(storage, new Acknowledged(), () -> {
            })) {
                assertThat(journal.nextSequence()).isEqualTo(11);
                assertThat(journal.damage()).anySatisfy(damage -> assertThat(damage.toString()).contains(
                        "the file ends there"));
                assertThat(journal.append(0, payload, 0, payload.length)).isPositive();
            }
        }
    }

    @Test
    void shouldLeaveAShortFileOfSomebodyElseAsItIs() throws Exception {
        final String text = "notes of somebody, and nothing of a journal";
        final Path foreign = Files.writeString(directory.resolve("0000000000000001.journal"), text);
        try (DirectoryStorage storage = DirectoryStorage.open(directory)) {
            assertThatThrownBy(() -> open(storage, new Acknowledged(), () -> {
            })).isInstanceOf(JournalException.class).hasMessageContaining(
                    "0000000000000001.journal is not of a journal: it has 43 bytes");
        }
        assertThat(foreign).hasContent(text).hasSize(text.length());
    }

    @Test
    void shouldDeleteAnEmptyFileThatAKillLeavesWhileItIsMade() throws Exception {
        final Path made = Files.createFile(directory.resolve("0000000000000001.journal"));
        try (DirectoryStorage storage = DirectoryStorage.open(directory);
                Journal journal = open(storage, new Acknowledged(), () -> {
                })) {
            assertThat(journal.damage()).isEmpty();
            assertThat(made).doesNotExist();
        }
    }

    @Test
    void shouldReadNothingOfAClosedJournal() {
        try (DirectoryStorage storage = DirectoryStorage.open(directory)) {
            final Journal journal = open(storage, new Acknowledged(), () -> {
            });
            journal.append(1, new byte[PAYLOAD_BYTES], 0, PAYLOAD_BYTES);
            final JournalReader reader = journal.reader(journal.firstPosition());
            journal.close();
            assertThat(reader.next()).isFalse();
            assertThat(journal.append(1, new byte[PAYLOAD_BYTES], 0, PAYLOAD_BYTES)).isEqualTo(Journal.FAILED);
        }
    }

    @Test
    void shouldLetNobodyElseIn() {
        try (DirectoryStorage storage = DirectoryStorage.open(directory)) {
            assertThat(storage.names()).containsExactly(DirectoryStorage.LOCK);
            assertThatThrownBy(() -> DirectoryStorage.open(directory)).hasMessageContaining("is in use");
        }
        DirectoryStorage.open(directory).close();
    }

    @Test
    void shouldMakeEachNewDirectoryDurableBeforeTheNextOneInIt() {
        final Path nested = directory.resolve("a/b/c");
        final List<String> synced = new ArrayList<>();
        DirectoryStorage.open(nested, path -> synced.add(path + ": " + String.join(" ", path.toFile().list()) + Files
                .exists(nested))).close();
        assertThat(synced).startsWith(directory.getParent() + ": " + String.join(" ", directory.getParent().toFile()
                .list()) + false, directory + ": afalse", directory.resolve("a") + ": bfalse", directory.resolve("a/b")
                        + ": ctrue");
        synced.clear();
        DirectoryStorage.open(nested, path -> synced.add(path.toString())).close();
        assertThat(synced).containsExactly(nested.getParent().toString());
    }

    @Test
    void shouldRefuseWhatIsNoDirectory() throws Exception {
        final Path file = Files.writeString(directory.resolve("file"), "text");
        assertThatThrownBy(() -> DirectoryStorage.open(file)).hasMessageContaining("file");
    }

    @Test
    void shouldTakeTheSpaceBeforeItMaps() throws Exception {
        try (DirectoryStorage storage = DirectoryStorage.open(directory);
                StoredFile file = storage.create("space", 1 << 20)) {
            assertThat(Files.size(directory.resolve("space"))).isEqualTo(1 << 20);
            assertThat(file.sizeBytes()).isEqualTo(1 << 20);
            assertThatThrownBy(() -> storage.create("space", 1 << 20)).hasMessageContaining("EEXIST");
        }
    }

    @Test
    void shouldKeepChronicleSilent() {
        try (DirectoryStorage storage = DirectoryStorage.open(directory)) {
            storage.create("file", 4096).close();
        }
        assertThat(System.getProperty("chronicle.analytics.disable")).isEqualTo("true");
        assertThatThrownBy(() -> Class.forName("net.openhft.chronicle.analytics.Analytics")).isInstanceOf(
                ClassNotFoundException.class);
    }

    @Test
    void shouldNameTheFlagsThatMappingWants() {
        ChronicleFile.checkFlags(DirectoryJournalTest.class.getModule());
        // A module that nobody has opened anything to.
        final Module without = Logger.class.getModule();
        assertThatThrownBy(() -> ChronicleFile.checkFlags(without)).isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContainingAll("--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
                        "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
                        "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED");
    }
}
