package io.netchannel.samples.haproxy.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.samples.haproxy.HaproxyCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What a file may say and nobody acts on is in one list, which the README repeats. */
class TakenKeywordsTest {

    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final int TAKEN_COLUMN = 3;

    @Test
    void shouldReadEverySettingThatALineGives() throws Exception {
        final SettingReaders settings = new SettingReaders(HaproxyCommand.class);
        assertThat(settings.declared()).hasSizeGreaterThan(250);
        // Both are asked whether they are there already, and what is said of them isn't acted on.
        final Set<String> taken = Set.of("GlobalOptions.MAX_ACCEPT", "ProxySettings.NO_DELAY");
        assertThat(TakenKeywords.GLOBAL).contains(GlobalOptions.MAX_ACCEPT.toString());
        assertThat(TakenKeywords.PROXY).contains(ProxySettings.NO_DELAY.toString());
        assertThat(settings.unread()).isEqualTo(new TreeSet<>(taken));
    }

    @Test
    void shouldListWhatTuningKeywordsTake() {
        final Keywords.Builder builder = new Keywords.Builder();
        TuningKeywords.register(builder);
        assertThat(TakenKeywords.GLOBAL).containsAll(builder.build().globalNames()).doesNotHaveDuplicates();
    }

    @Test
    void shouldKnowEachKeywordOfTheList() {
        final Keywords all = AllKeywords.create();
        assertThat(all.globalNames()).containsAll(TakenKeywords.GLOBAL);
        for (final String name : TakenKeywords.PROXY) {
            assertThat(name.startsWith("option ") ? all.option(name.substring(7)) : all.proxy(name)).as(name)
                    .isNotNull();
        }
        TakenKeywords.BIND.forEach(name -> assertThat(all.bind(name.split(" ")[0])).as(name).isNotNull());
        TakenKeywords.SERVER.forEach(name -> assertThat(all.server(name.split(" ")[0])).as(name).isNotNull());
    }

    @Test
    void shouldSayInTheReadmeWhatIsTaken() throws IOException {
        final Map<String, List<String>> rows = new LinkedHashMap<>();
        for (final String line : Files.readAllLines(Path.of("haproxy/README.md"))) {
            final String[] cells = line.split(" \\| |^\\| ", -1);
            if (cells.length > TAKEN_COLUMN) {
                final List<String> names = new ArrayList<>();
                final Matcher code = CODE.matcher(cells[TAKEN_COLUMN]);
                while (code.find()) {
                    names.add(code.group(1));
                }
                rows.put(cells[1], names);
            }
        }
        same(rows.get("`global`"), TakenKeywords.GLOBAL);
        same(rows.get("proxies"), TakenKeywords.PROXY);
        same(rows.get("`bind`"), TakenKeywords.BIND);
        same(rows.get("`server`"), TakenKeywords.SERVER);
        same(rows.get("command line"), TakenKeywords.COMMAND_LINE);
    }

    /** A name that ends by a star stands for all that begin like it. */
    private static void same(final List<String> said, final List<String> taken) {
        assertThat(said).isNotNull();
        for (final String name : taken) {
            assertThat(said).as(name).anyMatch(word -> covers(word, name));
        }
        for (final String word : said) {
            assertThat(taken).as(word).anyMatch(name -> covers(word, name));
        }
    }

    private static boolean covers(final String word, final String name) {
        return word.endsWith("*") ? name.startsWith(word.substring(0, word.length() - 1)) : word.equals(name);
    }
}
