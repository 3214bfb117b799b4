package io.fluxcore.adapters.in.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.jline.reader.EOFError;
import org.jline.reader.Parser.ParseContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the shell does with what is typed; that it works in a terminal, SqlShellIT holds. */
final class SqlShellTest {
  private final SqlHost host = new Host();

  /** A host with two tables that runs nothing. */
  private static final class Host implements SqlHost {
    @Override
    public int run(String name, String script) {
      throw new UnsupportedOperationException("nothing is run here");
    }

    @Override
    public boolean isComplete(String text) {
      return text.strip().endsWith(";");
    }

    @Override
    public void output(OutputFormat format) {}

    @Override
    public List<String> tables() {
      return List.of("bids", "people");
    }

    @Override
    public List<String> columns(String table) {
      return table.equals("bids") ? List.of("bidder", "price") : List.of("id", "priority");
    }

    @Override
    public List<String> functions() {
      return List.of("upper", "POWER");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "  ", "SELECT 1;", "SELECT\n1;", "\\d bids", "help", " QUIT "})
  void whatIsWhole_isTaken(String text) {
    assertThat(new SqlLines(host).parse(text, text.length(), ParseContext.ACCEPT_LINE).line())
        .isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"SELECT 1", "SELECT 1\n", "helpme"})
  void whatIsNot_goesOn(String text) {
    assertThatThrownBy(
            () -> new SqlLines(host).parse(text, text.length(), ParseContext.ACCEPT_LINE))
        .isInstanceOf(EOFError.class);
  }

  @Test
  void wordBeforeTheCursor_isCompleted() {
    assertThat(new SqlLines(host).parse("SELECT a.pri FROM t", 12, ParseContext.COMPLETE).word())
        .isEqualTo("pri");
    assertThat(new SqlLines(host).parse("\\e", 2, ParseContext.COMPLETE).word()).isEqualTo("\\e");
  }

  @Test
  void tablesColumnsKeywordsAndFunctions_areOffered() {
    SqlCompleter completer = new SqlCompleter(host);

    assertThat(completer.words("bi", "SELECT * FROM bi")).contains("bids").doesNotContain("bidder");
    assertThat(completer.words("p", "SELECT p FROM bids"))
        .contains("people", "price", "power", "primary")
        .doesNotContain("priority", "PRIMARY");
    assertThat(completer.words("UP", "SELECT UP")).containsExactly("UPDATE", "UPPER");
    assertThat(completer.words("", "")).contains("SELECT", "bids").doesNotContain("UPPER");
    assertThat(completer.words("\\d", "\\d")).containsExactly("\\d", "\\df");
  }
}
