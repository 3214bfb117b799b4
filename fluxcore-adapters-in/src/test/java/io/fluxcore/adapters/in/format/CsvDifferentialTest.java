package io.fluxcore.adapters.in.format;

import static org.assertj.core.api.Assertions.assertThat;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares the framer and splitter with FastCSV on random texts. */
final class CsvDifferentialTest {
  private static final String[] VALUES = {
    "a",
    "bc",
    "",
    "",
    " ",
    "é",
    "1\"2",
    "x y",
    "\"x\"",
    "\"y,\n\"\"z\"",
    "\"\"",
    "\"q\r\n\"",
    "\"\"\"\"",
    "\" , \"",
    "\"\n\n\""
  };

  private static List<List<String>> ours(String text) {
    byte[] bytes = (text + "\n").getBytes(StandardCharsets.UTF_8);
    CsvFramer framer = new CsvFramer((byte) ',', (byte) '"', false);
    CsvSplitter splitter = new CsvSplitter((byte) ',', (byte) '"', 0);
    List<List<String>> records = new ArrayList<>();
    int at = 0;
    while (at < bytes.length) {
      int next = framer.end(bytes, at, bytes.length);
      assertThat(next).isGreaterThan(at);
      int end = next - 1 > at && bytes[next - 2] == '\r' ? next - 2 : next - 1;
      if (!framer.isBlank(bytes, at, end)) {
        List<String> record = new ArrayList<>();
        for (byte[] value : splitter.values(Arrays.copyOfRange(bytes, at, end))) {
          record.add(new String(value, StandardCharsets.UTF_8));
        }
        records.add(record);
      }
      at = next;
    }
    return records;
  }

  private static List<List<String>> fastCsv(String text) {
    List<List<String>> records = new ArrayList<>();
    try (CsvReader<CsvRecord> reader =
        CsvReader.builder()
            .allowUnclosedQuote(false)
            .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
            .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
            .skipEmptyLines(true)
            .ofCsvRecord(text)) {
      reader.forEach(r -> records.add(r.getFields()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return records;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void randomTexts_haveTheRecordsThatFastCsvFinds(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 5_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int n = random.nextInt(12); n > 0; n--) {
        text.append(VALUES[random.nextInt(VALUES.length)]);
        int end = random.nextInt(5);
        text.append(end == 0 ? "\n" : end == 1 ? "\r\n" : ",");
      }
      text.append(VALUES[random.nextInt(VALUES.length)]);
      assertThat(ours(text.toString())).as("of %s", text).isEqualTo(fastCsv(text.toString()));
    }
  }
}
