package io.fluxcore.application.connector.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.application.connector.BadRecord;
import io.fluxcore.application.connector.ConnectorDescriptor.Capability;
import io.fluxcore.application.connector.ConnectorServices;
import io.fluxcore.application.connector.OptionParser;
import io.fluxcore.application.connector.Poll;
import io.fluxcore.application.connector.ReaderContext;
import io.fluxcore.application.connector.Source;
import io.fluxcore.application.connector.SourceConnector;
import io.fluxcore.application.connector.SourceReader;
import io.fluxcore.application.connector.SplitPosition;
import io.fluxcore.application.connector.SplitSeeking;
import io.fluxcore.application.connector.kit.SourceReading.SplitContent;
import io.fluxcore.application.connector.kit.SourceReading.Stop;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.event.EventRecord;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.expression.JdkRegexCompiler;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every source connector keeps. A connector's test extends it and gives an input whose content
 * it knows, bounded or, where there is no such thing, all there before it is read; a capability
 * that the descriptor does not claim is not asked for.
 */
public abstract class SourceConnectorContract {

  /** The connector under test. */
  protected abstract SourceConnector connector();

  /** Whether {@link #options()} are of a source that ends by itself. */
  protected boolean isBounded() {
    return true;
  }

  /** Options of a source with at least ten rows. */
  protected abstract Map<String, Object> options();

  /** All fields of that source. */
  protected abstract Schema schema();

  /** Its rows by split, in the order of {@link Source#discoverSplits}. */
  protected abstract List<List<EventRecord>> expectedRows();

  /** Coordinates of its bad records, in order. */
  protected List<String> expectedBadCoordinates() {
    return List.of();
  }

  /** Options of a source without a row; null where there is no such thing. */
  protected abstract @Nullable Map<String, Object> emptyOptions();

  /** Options that parse one by one but are wrong together, and in how many ways; empty: none. */
  protected Map<String, Object> conflictingOptions() {
    return Map.of();
  }

  protected ConnectorServices services() {
    return new ConnectorServices(JdkRegexCompiler.INSTANCE);
  }

  protected final Source source() {
    return source(options());
  }

  protected final Source source(Map<String, Object> options) {
    return connector()
        .create(OptionParser.parse(connector().descriptor(), options).orThrow(), services());
  }

  private boolean can(Capability capability) {
    return connector().descriptor().can(capability);
  }

  @Test
  void descriptor_isComplete() {
    DescriptorContract.check(connector().descriptor());
  }

  @Test
  void wrongOptions_areAllReported() {
    DescriptorContract.checkWrongOptions(connector().descriptor());
  }

  @Test
  void conflictingOptions_areRefused() {
    Map<String, Object> conflicting = conflictingOptions();
    if (!conflicting.isEmpty()) {
      assertThatThrownBy(() -> source(conflicting))
          .isInstanceOfSatisfying(
              FluxCoreException.class,
              e -> assertThat(e.diagnostics()).allMatch(d -> !d.remedy().isEmpty()));
    }
  }

  @Test
  void splits_areStableAndUnique() {
    List<Source.Split> splits = source().discoverSplits();
    assertThat(splits).doesNotHaveDuplicates().hasSize(expectedRows().size());
    assertThat(source().discoverSplits()).isEqualTo(splits);
  }

  @Test
  void boundedOptions_giveABoundedSource() {
    assertThat(source().isBounded()).isEqualTo(isBounded());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 2048})
  void everything_isReadOnceAndInOrder(int batchRows) {
    Map<String, SplitContent> contents =
        SourceReading.readAll(source(), SourceReading.context(schema(), batchRows));
    List<List<EventRecord>> rows = new ArrayList<>();
    contents.values().forEach(c -> rows.add(c.rows()));
    assertThat(rows).isEqualTo(expectedRows());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 2048})
  void badRecords_areCountedAndLocated(int batchRows) {
    List<BadRecord> bad = new ArrayList<>();
    SourceReading.readAll(source(), SourceReading.context(schema(), batchRows))
        .values()
        .forEach(c -> bad.addAll(c.bad()));
    assertThat(bad.stream().map(BadRecord::coordinates).toList())
        .isEqualTo(expectedBadCoordinates());
    assertThat(bad)
        .allSatisfy(
            b -> {
              assertThat(b.code()).startsWith("FLX-");
              assertThat(b.message()).isNotEmpty();
              assertThat(b.bytes()).isNotNull();
            });
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7})
  void readingFromEveryPosition_givesTheRest(int batchRows) {
    Source source = source();
    if (!can(Capability.REPLAYABLE) || !source.isReplayable()) {
      return;
    }
    ReaderContext context = SourceReading.context(schema(), batchRows);
    for (Source.Split split : source.discoverSplits()) {
      SplitContent whole = SourceReading.readFrom(source, context, split, null);
      for (Stop stop : whole.stops()) {
        SplitContent rest = SourceReading.readFrom(source(), context, split, stop.position());
        assertThat(rest.rows())
            .as("from " + stop.position())
            .isEqualTo(whole.rows().subList(stop.rows(), whole.rows().size()));
        assertThat(coordinates(rest.bad()))
            .isEqualTo(coordinates(whole.bad().subList(stop.bad(), whole.bad().size())));
      }
    }
  }

  /** What a replay asks of a source that says that it can be sought. */
  @Test
  void seeking_findsWhatReadingGives() {
    Source source = source();
    SplitSeeking seeking = source.seeking();
    if (seeking == null) {
      return;
    }
    assertThat(can(Capability.REPLAYABLE) && source.isReplayable()).isTrue();
    ReaderContext context = SourceReading.context(schema(), 7);
    for (Source.Split split : source.discoverSplits()) {
      SplitContent whole = SourceReading.readFrom(source, context, split, null);
      assertThat(SourceReading.readFrom(source(), context, split, seeking.earliest(split)).rows())
          .isEqualTo(whole.rows());
      if (seeking.by().contains(SplitSeeking.SeekBy.POSITION)) {
        for (Stop stop : whole.stops()) {
          assertThat(seeking.position(split, stop.position().text())).isEqualTo(stop.position());
        }
        assertThatThrownBy(() -> seeking.position(split, "nowhere"))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("position");
      }
      if (seeking.by().contains(SplitSeeking.SeekBy.TIMESTAMP)) {
        for (EventRecord row : whole.rows()) {
          SplitPosition at = seeking.at(split, Instant.ofEpochMilli(row.timestamp()));
          assertThat(SourceReading.readFrom(source(), context, split, at).rows())
              .as("from " + at)
              .containsAll(
                  whole.rows().stream().filter(r -> r.timestamp() >= row.timestamp()).toList());
        }
      }
    }
  }

  private static List<String> coordinates(List<BadRecord> bad) {
    return bad.stream().map(BadRecord::coordinates).toList();
  }

  @Test
  void projection_givesTheFieldsThatWereAskedForInTheirOrder() {
    if (!can(Capability.PROJECTION)) {
      return;
    }
    List<Field> reversed = new ArrayList<>(schema().fields());
    Collections.reverse(reversed);
    List<Schema> projections = new ArrayList<>();
    projections.add(Schema.of(reversed));
    schema().fields().forEach(f -> projections.add(Schema.of(f)));
    for (Schema projection : projections) {
      List<EventRecord> expected = new ArrayList<>();
      for (List<EventRecord> split : expectedRows()) {
        split.forEach(r -> expected.add(project(r, projection)));
      }
      List<EventRecord> rows = new ArrayList<>();
      SourceReading.readAll(source(), SourceReading.context(projection, 7))
          .values()
          .forEach(c -> rows.addAll(c.rows()));
      assertThat(rows).as("projected to " + projection).containsSubsequence(expected);
    }
  }

  @Test
  void projectionToNoField_keepsTheNumberOfRows() {
    if (!can(Capability.PROJECTION)) {
      return;
    }
    Source source = source();
    int rows = 0;
    for (SplitContent content :
        SourceReading.readAll(source, SourceReading.context(Schema.of(), 7)).values()) {
      rows += content.rows().size();
    }
    assertThat(rows).isGreaterThanOrEqualTo(expectedRows().stream().mapToInt(List::size).sum());
  }

  private static EventRecord project(EventRecord row, Schema projection) {
    @Nullable Object[] values = projection.fieldNames().stream().map(row::get).toArray();
    return EventRecord.of(projection, row.rowKind(), row.timestamp(), values);
  }

  @Test
  void rows_nameTheirSource() {
    ReaderContext context = new ReaderContext("my-source", 0, 1, schema(), false, null, 7);
    SourceReading.readAll(source(), context)
        .values()
        .forEach(c -> assertThat(c.rows()).allMatch(r -> "my-source".equals(r.source())));
  }

  @Test
  void emptySource_endsWithoutRows() {
    Map<String, Object> empty = emptyOptions();
    if (empty == null) {
      return;
    }
    SourceReading.readAll(source(empty), SourceReading.context(schema(), 7))
        .values()
        .forEach(
            c -> {
              assertThat(c.rows()).isEmpty();
              assertThat(c.bad()).isEmpty();
            });
  }

  @Test
  void readerWithoutSplits_isIdle() {
    try (SourceReader reader = source().createReader(SourceReading.context(schema(), 7))) {
      assertThat(reader.poll(Duration.ofMillis(1))).isInstanceOf(Poll.Nothing.class);
    }
  }

  @Test
  @Timeout(60)
  void wakeUp_endsAWaitingPoll() throws InterruptedException {
    try (SourceReader reader = source().createReader(SourceReading.context(schema(), 7))) {
      AtomicReference<@Nullable Poll> result = new AtomicReference<>();
      Thread polling = new Thread(() -> result.set(reader.poll(Duration.ofDays(1))));
      polling.start();
      while (polling.isAlive()) {
        reader.wakeUp();
        polling.join(1);
      }
      assertThat(result.get()).isInstanceOf(Poll.Nothing.class);
    }
  }

  /** Reads with each split held in turn, for a few polls, and gets the same as without. */
  @Test
  void heldSplits_giveNothing_andLoseNothing() {
    Source source = source();
    Map<String, List<EventRecord>> rows = new LinkedHashMap<>();
    try (SourceReader reader = source.createReader(SourceReading.context(schema(), 3))) {
      for (Source.Split split : source.discoverSplits()) {
        reader.assign(split, null);
        rows.put(split.id(), new ArrayList<>());
      }
      List<String> open = new ArrayList<>(rows.keySet());
      for (int turn = 0; !open.isEmpty(); turn++) {
        String held = open.get(turn % open.size());
        boolean holds = reader.holdSplits(Set.of(held));
        boolean anything = false;
        for (int i = 0; i < 5; i++) {
          anything |= take(reader.poll(Duration.ZERO), rows, open, holds ? held : "");
        }
        assertThat(reader.holdSplits(Set.of())).isTrue();
        anything |= take(reader.poll(Duration.ofMillis(1)), rows, open, "");
        if (!anything && !isBounded()) {
          break;
        }
      }
    }
    assertThat(List.copyOf(rows.values())).isEqualTo(expectedRows());
  }

  private static boolean take(
      Poll poll, Map<String, List<EventRecord>> rows, List<String> open, String held) {
    if (poll instanceof Poll.Rows some) {
      assertThat(some.split()).isNotEqualTo(held);
      List<EventRecord> own = rows.get(some.split());
      assertThat(own).isNotNull();
      own.addAll(SourceReading.records(some.batch()));
    } else if (poll instanceof Poll.EndOfSplit end) {
      open.remove(end.split());
    }
    return !(poll instanceof Poll.Nothing);
  }

  @Test
  void close_mayBeCalledTwiceAndBeforeTheEnd() {
    SourceReader reader = source().createReader(SourceReading.context(schema(), 1));
    source().discoverSplits().forEach(s -> reader.assign(s, null));
    reader.poll(Duration.ZERO);
    reader.checkpointStarted(1);
    reader.checkpointStarted(2);
    reader.checkpointCompleted(2);
    reader.close();
    reader.close();
  }

  @Test
  void batches_areNoLargerThanAskedFor() {
    Source source = source();
    try (SourceReader reader = source.createReader(SourceReading.context(schema(), 3))) {
      source.discoverSplits().forEach(s -> reader.assign(s, null));
      int open = source.discoverSplits().size();
      Map<String, Integer> ends = new HashMap<>();
      while (open > 0) {
        Poll poll = reader.poll(Duration.ofMillis(1));
        if (poll instanceof Poll.Rows rows) {
          assertThat(rows.batch().size()).isLessThanOrEqualTo(3);
        } else if (poll instanceof Poll.EndOfSplit end) {
          ends.merge(end.split(), 1, Integer::sum);
          open--;
        } else if (!isBounded()) {
          return;
        }
      }
      assertThat(ends.values()).allMatch(n -> n == 1);
    }
  }
}
