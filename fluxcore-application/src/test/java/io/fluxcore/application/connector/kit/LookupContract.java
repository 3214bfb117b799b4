package io.fluxcore.application.connector.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.application.connector.LookupConnector;
import io.fluxcore.application.connector.OptionParser;
import io.fluxcore.domain.error.ErrorCategory;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.event.Values;
import io.fluxcore.domain.join.Found;
import io.fluxcore.domain.join.Lookup;
import io.fluxcore.domain.join.LookupReader;
import io.fluxcore.domain.join.LookupTable;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What every lookup keeps: what was put outside is found by its key, of the declared types, of
 * several keys in their order and by several callers at once; what cannot be told is told; and a
 * server that dies or freezes fails calls in their time, and answers the same reader when it is
 * back. Each test has an empty outside of its own, and the server runs when it ends.
 */
@Timeout(240)
public abstract class LookupContract {
  /** The keys: one of them is a join's. */
  protected static final Schema KEYS =
      Schema.builder().field("id", DataType.LONG).field("code", DataType.STRING).build();

  /** The wanted fields. */
  protected static final Schema FIELDS =
      Schema.builder()
          .field("name", DataType.STRING)
          .field("amount", DataType.LONG)
          .field("ratio", DataType.DOUBLE)
          .field("price", DataType.decimal(12, 2))
          .field("active", DataType.BOOLEAN)
          .field("day", DataType.DATE)
          .field("seen", DataType.TIMESTAMP)
          .field("changed", DataType.TIMESTAMP_TZ)
          .build();

  /** How long a call of these tests may take. */
  protected static final Duration TIMEOUT = Duration.ofSeconds(2);

  private final List<LookupReader> readers = new ArrayList<>();

  /** The connector under test. */
  protected abstract LookupConnector connector();

  /**
   * Options of a lookup.
   *
   * @param key {@code id}, {@code code}, or both with a comma between
   */
  protected abstract Map<String, Object> options(String key);

  /**
   * Puts the rows of a key outside, of both its fields, in place of what was there.
   *
   * @param rows of each the values of {@link #FIELDS}
   */
  protected abstract void put(long id, String code, List<List<@Nullable Object>> rows)
      throws Exception;

  /** Whether a key may have several rows. */
  protected boolean hasSeveralRows() {
    return true;
  }

  /** Puts something at a key that is no row of the declared fields. */
  protected abstract void putWrong(long id) throws Exception;

  /** Options with a wrong password; null: there is no such thing. */
  protected @Nullable Map<String, Object> wrongPassword() throws Exception {
    return null;
  }

  /** Options of something that is not there; null: there is no such thing. */
  protected @Nullable Map<String, Object> missing() {
    return null;
  }

  /** Whether the server can be made to fail. */
  protected boolean hasFaults() {
    return true;
  }

  protected void killServer() {
    throw new UnsupportedOperationException();
  }

  /** Starts it again with what it had. */
  protected void restartServer() {
    throw new UnsupportedOperationException();
  }

  protected void pauseServer() {
    throw new UnsupportedOperationException();
  }

  protected void resumeServer() {
    throw new UnsupportedOperationException();
  }

  @AfterEach
  void closeReaders() {
    readers.forEach(LookupReader::close);
  }

  private static Schema keyOf(String key) {
    return Schema.of(
        Arrays.stream(key.split(",")).map(name -> KEYS.field(KEYS.ordinal(name))).toList());
  }

  private Lookup lookup(Map<String, Object> options, String key, Schema fields) {
    return connector()
        .create(
            OptionParser.parse(connector().descriptor(), options).orThrow(),
            new LookupTable(keyOf(key), fields, TIMEOUT));
  }

  private LookupReader reader(String key, Schema fields) {
    LookupReader reader = lookup(options(key), key, fields).createReader("lookup", 0);
    readers.add(reader);
    return reader;
  }

  /** As a join asks: no more at once than the reader takes. */
  private static List<Found> ask(LookupReader reader, List<List<Object>> keys) throws Exception {
    List<Found> found = new ArrayList<>();
    for (int from = 0; from < keys.size(); from += reader.largestBatch()) {
      found.addAll(
          reader.ask(keys.subList(from, Math.min(keys.size(), from + reader.largestBatch()))));
    }
    return found;
  }

  private static List<List<@Nullable Object>> rows(Found found) {
    assertThat(found.error()).isNull();
    return found.rows().stream()
        .<List<@Nullable Object>>map(row -> Collections.unmodifiableList(Arrays.asList(row)))
        .toList();
  }

  private static List<@Nullable Object> row(long number) {
    List<@Nullable Object> row = new ArrayList<>();
    row.add("name " + number);
    row.add(number * 1_000_000_007L);
    row.add(number * 0.25);
    row.add(BigDecimal.valueOf(number * 101, 2));
    row.add(number % 2 == 0);
    row.add(LocalDate.of(2026, 1, 1).plusDays(number));
    row.add(LocalDateTime.of(2026, 1, 31, 10, 0, 0, 123_456_000).plusSeconds(number));
    row.add(Instant.parse("2026-06-30T23:59:59.654321Z").plusSeconds(number));
    return row;
  }

  private static List<@Nullable Object> nulls() {
    return new ArrayList<>(Collections.nCopies(FIELDS.size(), null));
  }

  @Test
  void descriptor_isComplete() {
    DescriptorContract.check(connector().descriptor());
  }

  @Test
  void rowsOfAllTypes_areFoundByTheirKey_inTheOrderOfTheKeys() throws Exception {
    for (long id = 0; id < 20; id++) {
      put(id, "c" + id, List.of(row(id)));
    }
    put(20, "c20", List.of(nulls()));
    LookupReader reader = reader("id", FIELDS);
    List<List<Object>> keys =
        LongStream.of(7, 99, 20, 0, 13, 5, -1).<List<Object>>mapToObj(List::of).toList();
    List<Found> found = ask(reader, keys);
    assertThat(found).hasSize(7);
    assertThat(rows(found.get(0))).containsExactly(row(7));
    assertThat(rows(found.get(1))).isEmpty();
    assertThat(rows(found.get(2))).containsExactly(nulls());
    assertThat(rows(found.get(3))).containsExactly(row(0));
    assertThat(rows(found.get(4))).containsExactly(row(13));
    assertThat(rows(found.get(5))).containsExactly(row(5));
    assertThat(rows(found.get(6))).isEmpty();
    for (@Nullable Object value : rows(found.get(0)).get(0)) {
      int at = rows(found.get(0)).get(0).indexOf(value);
      Field field = FIELDS.field(at);
      assertThat(Values.isOf(field.type(), Objects.requireNonNull(value)))
          .as(field.name())
          .isTrue();
    }
  }

  @Test
  void severalRowsOfAKey_areAllFound() throws Exception {
    if (!hasSeveralRows()) {
      return;
    }
    put(1, "one", List.of(row(1), row(2), row(3)));
    put(2, "two", List.of(row(4)));
    List<Found> found = ask(reader("id", FIELDS), List.of(List.of(1L), List.of(2L)));
    assertThat(rows(found.get(0))).containsExactlyInAnyOrder(row(1), row(2), row(3));
    assertThat(rows(found.get(1))).containsExactly(row(4));
  }

  @Test
  void textsOfAnyCharacters_areKeys() throws Exception {
    List<String> codes = List.of("a b", "ä/ö?ü=1&x", "100%", "'; drop", "…", "{code}", "A", "a");
    for (int i = 0; i < codes.size(); i++) {
      put(i, codes.get(i), List.of(row(i)));
    }
    LookupReader reader = reader("code", FIELDS);
    List<Found> found = ask(reader, codes.stream().<List<Object>>map(List::of).toList());
    for (int i = 0; i < codes.size(); i++) {
      assertThat(rows(found.get(i))).as(codes.get(i)).containsExactly(row(i));
    }
    assertThat(rows(ask(reader, List.of(List.of("b"))).get(0))).isEmpty();
  }

  @Test
  void keyOfTwoFields_isFoundWhole() throws Exception {
    put(1, "x", List.of(row(1)));
    put(2, "y", List.of(row(2)));
    List<Found> found =
        ask(
            reader("id,code", FIELDS),
            List.of(List.of(1L, "x"), List.of(1L, "y"), List.of(2L, "y")));
    assertThat(rows(found.get(0))).containsExactly(row(1));
    assertThat(rows(found.get(1))).isEmpty();
    assertThat(rows(found.get(2))).containsExactly(row(2));
  }

  @Test
  void fewerFields_orNone_areGivenAsAskedFor() throws Exception {
    put(1, "x", List.of(row(1)));
    Schema two = Schema.of(FIELDS.field(3), FIELDS.field(0));
    assertThat(rows(ask(reader("id", two), List.of(List.of(1L))).get(0)))
        .containsExactly(List.of(new BigDecimal("1.01"), "name 1"));
    List<Found> none = ask(reader("id", Schema.of()), List.of(List.of(1L), List.of(2L)));
    assertThat(none.get(0).rows()).hasSize(1);
    assertThat(none.get(1).rows()).isEmpty();
  }

  @Test
  void manyKeys_byManyCallers_areFound() throws Exception {
    for (long id = 0; id < 200; id++) {
      put(id, "c" + id, List.of(row(id)));
    }
    LookupReader reader = reader("id", FIELDS);
    ExecutorService threads = Executors.newFixedThreadPool(6);
    try {
      List<Future<List<Found>>> answers = new ArrayList<>();
      for (int caller = 0; caller < 6; caller++) {
        long from = caller * 30L;
        List<List<Object>> keys =
            LongStream.range(from, from + 50).<List<Object>>mapToObj(List::of).toList();
        answers.add(threads.submit(() -> ask(reader, keys)));
      }
      for (int caller = 0; caller < 6; caller++) {
        List<Found> found = answers.get(caller).get(1, TimeUnit.MINUTES);
        for (int i = 0; i < 50; i++) {
          assertThat(rows(found.get(i))).containsExactly(row(caller * 30L + i));
        }
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void whatIsNoRow_isAnErrorOfItsKeyAlone() throws Exception {
    put(1, "x", List.of(row(1)));
    putWrong(2);
    List<Found> found = ask(reader("id", FIELDS), List.of(List.of(1L), List.of(2L)));
    assertThat(rows(found.get(0))).containsExactly(row(1));
    assertThat(found.get(1).error()).isNotNull();
  }

  @Test
  void wrongPassword_isSaid_andNotWorthAnotherAttempt() throws Exception {
    Map<String, Object> options = wrongPassword();
    if (options == null) {
      return;
    }
    LookupReader reader = lookup(options, "id", FIELDS).createReader("lookup", 0);
    readers.add(reader);
    assertThatThrownBy(() -> reader.ask(List.of(List.of(1L))))
        .isInstanceOfSatisfying(
            FluxCoreException.class, e -> assertThat(e.category()).isEqualTo(ErrorCategory.USER));
  }

  @Test
  void whatIsNotThere_isSaidBeforeAnythingIsAsked() {
    Map<String, Object> options = missing();
    if (options == null) {
      return;
    }
    Lookup lookup = lookup(options, "id", FIELDS);
    assertThatThrownBy(lookup::check)
        .isInstanceOfSatisfying(
            FluxCoreException.class, e -> assertThat(e.category()).isEqualTo(ErrorCategory.USER));
  }

  @Test
  void check_ofWhatIsThere_isQuiet() throws Exception {
    put(1, "x", List.of(row(1)));
    lookup(options("id"), "id", FIELDS).check();
  }

  @Test
  void deadServer_failsCalls_andTheSameReaderGoesOnWhenItIsBack() throws Exception {
    if (!hasFaults()) {
      return;
    }
    put(1, "x", List.of(row(1)));
    LookupReader reader = reader("id", FIELDS);
    assertThat(rows(ask(reader, List.of(List.of(1L))).get(0))).containsExactly(row(1));
    killServer();
    try {
      assertThatThrownBy(() -> ask(reader, List.of(List.of(1L)))).satisfies(this::mayBeAskedAgain);
    } finally {
      restartServer();
    }
    assertThat(rows(again(reader, List.of(1L)))).containsExactly(row(1));
  }

  @Test
  void frozenServer_failsCallsInTheirTime_andTheSameReaderGoesOnWhenItIsBack() throws Exception {
    if (!hasFaults()) {
      return;
    }
    put(1, "x", List.of(row(1)));
    LookupReader reader = reader("id", FIELDS);
    assertThat(rows(ask(reader, List.of(List.of(1L))).get(0))).containsExactly(row(1));
    pauseServer();
    try {
      assertThatThrownBy(() -> ask(reader, List.of(List.of(1L)))).satisfies(this::mayBeAskedAgain);
    } finally {
      resumeServer();
    }
    assertThat(rows(again(reader, List.of(1L)))).containsExactly(row(1));
  }

  private void mayBeAskedAgain(Throwable failure) {
    assertThat(failure instanceof FluxCoreException known && known.category() == ErrorCategory.USER)
        .as(failure.toString())
        .isFalse();
  }

  /** A server that was frozen or started anew may need a moment, which a join's retries give it. */
  private Found again(LookupReader reader, List<Object> key) throws Exception {
    for (int attempt = 1; ; attempt++) {
      try {
        return ask(reader, List.of(key)).get(0);
      } catch (Exception e) {
        mayBeAskedAgain(e);
        if (attempt == 10) {
          throw e;
        }
      }
    }
  }
}
