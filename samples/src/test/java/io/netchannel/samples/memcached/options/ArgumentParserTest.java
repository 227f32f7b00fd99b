package io.netchannel.samples.memcached.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netchannel.samples.memcached.options.Settings.BindingProtocol;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ArgumentParserTest {

    private static ArgumentParser parse(final String line) throws UsageException {
        return new ArgumentParser(line.isEmpty() ? List.of() : List.of(line.split(" ")));
    }

    @ParameterizedTest
    @CsvSource({"-m64 -vv -p22122", "-m 64 -v -v -p 22122", "-vvm64 -p22122",
        "--memory-limit=64 -vv --port 22122", "--verbose -v --memory-limit 64 --port=22122"})
    void shouldReadOptionsHoweverTheyAreWritten(final String line) throws UsageException {
        final Settings settings = parse(line).settings();
        assertThat(settings.maxBytes).isEqualTo(64L << 20);
        assertThat(settings.verbosity).isEqualTo(2);
        assertThat(settings.tcpPort).isEqualTo(22122);
    }

    @Test
    void shouldReadAllThatTheOriginalTakes() throws UsageException {
        final Settings settings = parse(
                "-A -M -C -F -X -W -k -r -L -d -u root -P /run/m.pid -f 1.1 -n 96 -t 2 -R 7 -b 9 "
                        + "-B ascii -I 2m -D / -c 99 -l 127.0.0.1 -l ::1 -U 5 "
                        + "-o idle_timeout=3,slab_chunk_max=16384,no_lru_crawler,relaxed_privileges")
                .settings();
        assertThat(settings.shutdownCommand).isTrue();
        assertThat(settings.evict).isFalse();
        assertThat(settings.cas).isFalse();
        assertThat(settings.flushEnabled).isFalse();
        assertThat(settings.dumpEnabled).isFalse();
        assertThat(settings.watchEnabled).isFalse();
        assertThat(settings.daemon).isTrue();
        assertThat(settings.pidFile).isEqualTo(Path.of("/run/m.pid"));
        assertThat(settings.growthFactor).isEqualTo(1.1);
        assertThat(settings.chunkBytes).isEqualTo(96);
        assertThat(settings.threads).isEqualTo(2);
        assertThat(settings.requestsPerEvent).isEqualTo(7);
        assertThat(settings.backlog).isEqualTo(9);
        assertThat(settings.protocol).isEqualTo(BindingProtocol.ASCII);
        assertThat(settings.itemMaxBytes).isEqualTo(2 << 20);
        assertThat(settings.prefixDelimiter).isEqualTo('/');
        assertThat(settings.detailEnabled).isTrue();
        assertThat(settings.maxConnections).isEqualTo(99);
        assertThat(settings.listenAddresses).isEqualTo("127.0.0.1,::1");
        assertThat(settings.udpPort).isEqualTo(5);
        // Without -p, both have the port of -U.
        assertThat(settings.tcpPort).isEqualTo(5);
        assertThat(settings.idleTimeoutSeconds).isEqualTo(3);
        assertThat(settings.chunkMaxBytes).isEqualTo(16384);
        assertThat(settings.lruCrawler).isFalse();
        assertThat(settings.debugCommands).isTrue();
    }

    @Test
    void shouldLeaveWhatIsNotMemcachedsToTheCaller() throws UsageException {
        assertThat(parse("--kernel -p 1 --tap=nc0 --address 10.7.0.2/24").others())
                .containsExactly("--kernel", "--tap=nc0", "--address", "10.7.0.2/24");
    }

    @Test
    void shouldPassOverExtendedOptionsThatItDoesNotKnow() throws UsageException {
        assertThat(parse("-o frobnicate=7,idle_timeout=5").settings().idleTimeoutSeconds).isEqualTo(5);
    }

    @Test
    void shouldTakeWhetherMemoryIsGivenBack() throws UsageException {
        assertThat(parse("-v").settings().memoryPressure).isTrue();
        assertThat(parse("-o no_memory_pressure").settings().memoryPressure).isFalse();
        assertThat(parse("-o memory_pressure_floor=0").settings().pressureFloorPercent).isZero();
        assertThatThrownBy(() -> parse("-o memory_pressure_floor=101")).isInstanceOf(UsageException.class)
                .hasMessage("memory_pressure_floor=101 is not within 0..100");
    }

    @Test
    void shouldTakeTheDefaultsOfBefore() throws UsageException {
        final Settings settings = parse("-o no_modern").settings();
        assertThat(settings.chunkMaxBytes).isEqualTo(Settings.PAGE_BYTES);
        assertThat(settings.lruSegmented).isFalse();
        assertThat(settings.slabReassign).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"-c 0,Maximum connections", "-c -1,Maximum connections", "-t 0,threads", "-R 0,per event",
        "-f 1,Factor",
        "-n 0,Chunk size", "-B http,binding protocol", "-I 1000,1024 bytes", "-I 256m,1/2 of memory max",
        "-I 2g,1024 bytes", "-I 5000m,gigabyte", "-p,requires an argument", "-q,Illegal argument", "-S,not supported",
        "-Z,not supported", "-e /dev/shm/x,not supported", "-o hashpower=5,hashpower=5",
        "-o slab_automove=3,slab_automove=3", "-o temporary_ttl=5 -o no_lru_maintainer,temporary_ttl",
        "-o slab_chunk_max=3000,evenly", "-o hash_algorithm=crc,Unknown hash_algorithm", "-Y /etc/x -U 5,UDP",
        "-o slab_sizes=96-64,slab_sizes"})
    void shouldRefuseWhatMakesNoSense(final String line, final String named) {
        assertThatThrownBy(() -> parse(line)).isInstanceOf(UsageException.class).hasMessageContaining(named);
    }

    @ParameterizedTest
    @CsvSource({"-h,h", "--help,h", "-V,V", "-vVh,V", "-i,i", "-V -I 1,V"})
    void shouldOnlyInformWhenAsked(final String line, final char information) throws UsageException {
        assertThat(parse(line).information()).isEqualTo(information);
    }
}
