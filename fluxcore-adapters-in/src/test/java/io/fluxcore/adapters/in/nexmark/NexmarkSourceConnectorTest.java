package io.fluxcore.adapters.in.nexmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fluxcore.application.connector.Source;
import io.fluxcore.application.connector.SourceConnector;
import io.fluxcore.application.connector.SplitPosition;
import io.fluxcore.application.connector.kit.SourceConnectorContract;
import io.fluxcore.application.connector.kit.SourceReading;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.EventRecord;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.Schema;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class NexmarkSourceConnectorTest extends SourceConnectorContract {
  private static final int EVENTS = 10_000;

  @Override
  protected SourceConnector connector() {
    return new NexmarkSourceConnector();
  }

  @Override
  protected Map<String, Object> options() {
    return Map.of("count", 70, "splits", 3, "eventRate", 1, "outOfOrder", 0);
  }

  /** Numbers and times that are no matter of chance. */
  @Override
  protected Schema schema() {
    return Schema.of(
        new Field("id", DataType.LONG),
        new Field("event_type", DataType.LONG),
        new Field("dateTime", DataType.TIMESTAMP));
  }

  @Override
  protected List<List<EventRecord>> expectedRows() {
    List<List<EventRecord>> splits =
        List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    for (int i = 0; i < 70; i++) {
      Instant time = Instant.parse("2026-01-01T00:00:00Z").plusSeconds(i);
      int place = i % 50;
      Long id =
          place == 0
              ? Long.valueOf(1000 + i / 50)
              : place <= 3 ? Long.valueOf(1000 + i / 50 * 3 + place - 1) : null;
      splits
          .get(i % 3)
          .add(
              EventRecord.of(
                  schema(),
                  time.toEpochMilli(),
                  id,
                  place == 0 ? 0L : place <= 3 ? 1L : 2L,
                  LocalDateTime.ofInstant(time, ZoneOffset.UTC)));
    }
    return splits;
  }

  @Override
  protected Map<String, Object> emptyOptions() {
    return Map.of("count", 0);
  }

  @Override
  protected Map<String, Object> conflictingOptions() {
    return Map.of("eventRate", 0, "splits", 0, "startTime", "yesterday", "outOfOrder", 2);
  }

  private List<EventRecord> rows(Map<String, Object> options) {
    List<EventRecord> rows = new ArrayList<>();
    SourceReading.readAll(source(options), SourceReading.context(NexmarkField.SCHEMA, 100))
        .values()
        .forEach(split -> rows.addAll(split.rows()));
    return rows;
  }

  private List<EventRecord> ofKind(long kind) {
    return rows(Map.of("count", EVENTS)).stream()
        .filter(row -> row.getLong("event_type") == kind)
        .toList();
  }

  @Test
  void withoutACount_isEndless() {
    assertThat(source(Map.of()).isBounded()).isFalse();
  }

  @Test
  void fieldsOfOtherKinds_areNull() {
    for (EventRecord row : rows(Map.of("count", 500))) {
      long kind = row.getLong("event_type");
      for (String person : List.of("name", "emailAddress", "creditCard", "city", "state")) {
        assertThat(row.isNull(person)).as("%s of %s", person, row).isEqualTo(kind != 0);
      }
      for (String auction :
          List.of("itemName", "description", "initialBid", "reserve", "expires", "seller")) {
        assertThat(row.isNull(auction)).as("%s of %s", auction, row).isEqualTo(kind != 1);
      }
      for (String bid : List.of("auction", "bidder", "price", "channel", "url")) {
        assertThat(row.isNull(bid)).as("%s of %s", bid, row).isEqualTo(kind != 2);
      }
      assertThat(row.isNull("extra")).isFalse();
    }
  }

  @Test
  void bids_areOnHotAuctionsOrOnThoseOfLately() {
    List<EventRecord> bids = ofKind(2);
    assertThat(bids).hasSize(EVENTS / 50 * 46);
    long hot = bids.stream().filter(bid -> (bid.getLong("auction") - 1000) % 100 == 0).count();
    assertThat((double) hot / bids.size()).isBetween(0.45, 0.55);
    long lucky = bids.stream().filter(bid -> (bid.getLong("bidder") - 1001) % 100 == 0).count();
    assertThat((double) lucky / bids.size()).isBetween(0.7, 0.8);
    assertThat(bids)
        .allMatch(bid -> bid.getLong("price") >= 100 && bid.getLong("price") <= 100_000_000);
    Set<String> channels =
        bids.stream().map(bid -> bid.getString("channel")).collect(Collectors.toSet());
    assertThat(channels).contains("Apple", "Google", "Facebook", "Baidu").hasSizeGreaterThan(2000);
    long numbered =
        bids.stream().filter(bid -> bid.getString("url").contains("&channel_id=")).count();
    assertThat((double) numbered / bids.size()).isBetween(0.4, 0.5);
  }

  @Test
  void auctions_closeAfterTheyOpen_andAreOfFiveCategories() {
    List<EventRecord> auctions = ofKind(1);
    assertThat(auctions).hasSize(EVENTS / 50 * 3);
    assertThat(auctions)
        .allMatch(
            auction ->
                ((LocalDateTime) auction.get("expires"))
                    .isAfter((LocalDateTime) auction.get("dateTime")));
    assertThat(auctions.stream().map(a -> a.getLong("category")).collect(Collectors.toSet()))
        .isEqualTo(Set.of(10L, 11L, 12L, 13L, 14L));
    assertThat(auctions).allMatch(a -> a.getLong("reserve") > a.getLong("initialBid"));
  }

  @Test
  void timesOutOfOrder_lieBackAtMostTheDelay() {
    Map<String, Object> options =
        Map.of("count", EVENTS, "eventRate", 1000, "outOfOrder", 0.25, "maxDelay", "2s");
    List<EventRecord> rows = rows(options);
    long start = Instant.parse("2026-01-01T00:00:00Z").toEpochMilli();
    int late = 0;
    for (int i = 0; i < EVENTS; i++) {
      long back = start + i - rows.get(i).timestamp();
      assertThat(back).isBetween(0L, 2000L);
      late += back > 0 ? 1 : 0;
    }
    assertThat((double) late / EVENTS).isBetween(0.2, 0.3);
  }

  @Test
  void sameSeed_givesTheSameEvents_anotherDoesNot() {
    assertThat(rows(Map.of("count", 300, "splits", 7)))
        .containsExactlyInAnyOrderElementsOf(rows(Map.of("count", 300)));
    assertThat(rows(Map.of("count", 300, "seed", 43))).isNotEqualTo(rows(Map.of("count", 300)));
  }

  @Test
  void positionOfAnotherNumberOfSplits_isRefused() {
    Source source = source(Map.of("count", 300, "splits", 2));
    Source.Split split = source.discoverSplits().get(1);
    assertThatThrownBy(
            () ->
                SourceReading.readFrom(
                    source,
                    SourceReading.context(NexmarkField.SCHEMA, 10),
                    split,
                    new SplitPosition("100")))
        .isInstanceOf(FluxCoreException.class)
        .hasMessageContaining("FLX-NEXMARK-0002");
  }
}
