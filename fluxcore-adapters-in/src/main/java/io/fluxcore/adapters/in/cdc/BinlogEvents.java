package io.fluxcore.adapters.in.cdc;

import com.github.shyiko.mysql.binlog.event.Event;
import com.github.shyiko.mysql.binlog.event.EventData;
import com.github.shyiko.mysql.binlog.event.EventHeaderV4;
import com.github.shyiko.mysql.binlog.event.EventType;
import com.github.shyiko.mysql.binlog.event.FormatDescriptionEventData;
import com.github.shyiko.mysql.binlog.event.TableMapEventData;
import com.github.shyiko.mysql.binlog.event.TableMapEventMetadata;
import com.github.shyiko.mysql.binlog.event.deserialization.ChecksumType;
import com.github.shyiko.mysql.binlog.event.deserialization.EventDeserializer;
import com.github.shyiko.mysql.binlog.event.deserialization.FormatDescriptionEventDataDeserializer;
import com.github.shyiko.mysql.binlog.event.deserialization.MariadbGtidEventDataDeserializer;
import com.github.shyiko.mysql.binlog.event.deserialization.QueryEventDataDeserializer;
import com.github.shyiko.mysql.binlog.event.deserialization.RotateEventDataDeserializer;
import com.github.shyiko.mysql.binlog.event.deserialization.TableMapEventDataDeserializer;
import com.github.shyiko.mysql.binlog.event.deserialization.TableMapEventMetadataDeserializer;
import com.github.shyiko.mysql.binlog.io.ByteArrayInputStream;
import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads events of a log: of tables that are asked for only, since others may have what cannot be
 * read, and need not be. What may hold changes and is not understood is an error, and not passed
 * over. For one thread.
 */
final class BinlogEvents extends EventDeserializer {
  private static final int IGNORABLE = 0x80;

  /** Of events that hold changes, and their remedies. */
  private static final Map<Integer, String> UNREADABLE =
      Map.ofEntries(
          Map.entry(20, "update the server"),
          Map.entry(21, "update the server"),
          Map.entry(22, "update the server"),
          Map.entry(26, "changes are missing in the log"),
          Map.entry(39, "set binlog_row_value_options to nothing"),
          Map.entry(40, "set binlog_transaction_compression = OFF"),
          Map.entry(165, "set log_bin_compress = OFF"),
          Map.entry(166, "set log_bin_compress = OFF"),
          Map.entry(167, "set log_bin_compress = OFF"),
          Map.entry(168, "set log_bin_compress = OFF"),
          Map.entry(169, "set log_bin_compress = OFF"),
          Map.entry(170, "set log_bin_compress = OFF"),
          Map.entry(171, "set log_bin_compress = OFF"));

  /** Heartbeats and numbers of transactions of newer servers, and the beginning of encryption. */
  private static final Set<Integer> WITHOUT_CHANGES = Set.of(41, 42, 164);

  private final Set<String> wanted;
  private final Map<Long, TableMapEventData> tables = new HashMap<>();
  private int checksumBytes;

  /**
   * @param wanted tables, as {@code database.table}
   */
  BinlogEvents(Set<String> wanted) {
    this.wanted = wanted;
  }

  /** The table of a number; null if it is not wanted. */
  @Nullable TableMapEventData table(long number) {
    return tables.get(number);
  }

  @Override
  @Deprecated
  public void setChecksumType(ChecksumType type) {
    checksumBytes = type.getLength();
  }

  @Override
  public @Nullable Event nextEvent(ByteArrayInputStream input) throws IOException {
    if (input.peek() == -1) {
      return null;
    }
    EventHeaderV4 header = new EventHeaderV4();
    header.setTimestamp(input.readLong(4) * 1000L);
    int number = input.readInteger(1);
    EventType type = EventType.byEventNumber(number);
    header.setEventType(type == null ? EventType.UNKNOWN : type);
    header.setServerId(input.readLong(4));
    header.setEventLength(input.readLong(4));
    header.setNextPosition(input.readLong(4));
    header.setFlags(input.readInteger(2));
    // The description says itself whether a checksum follows it.
    int after = type == EventType.FORMAT_DESCRIPTION ? 0 : checksumBytes;
    input.enterBlock((int) header.getDataLength() - after);
    EventData data;
    try {
      data = data(header, number, input);
    } finally {
      input.skipToTheEndOfTheBlock();
    }
    input.skip(after);
    return new Event(header, data);
  }

  @SuppressWarnings("NullAway") // the library takes null for an event without data
  private EventData data(EventHeaderV4 header, int number, ByteArrayInputStream input)
      throws IOException {
    EventType type = header.getEventType();
    String remedy = UNREADABLE.get(number);
    if (remedy != null) {
      throw unreadable("the log has an event of type " + number + ", which is not read", remedy);
    }
    return switch (type) {
      case FORMAT_DESCRIPTION -> {
        FormatDescriptionEventData description =
            new FormatDescriptionEventDataDeserializer().deserialize(input);
        checksumBytes = description.getChecksumType().getLength();
        yield description;
      }
      case ROTATE -> {
        tables.clear();
        yield new RotateEventDataDeserializer().deserialize(input);
      }
      case QUERY -> new QueryEventDataDeserializer().deserialize(whole(input));
      case MARIADB_GTID -> new MariadbGtidEventDataDeserializer().deserialize(input);
      case TABLE_MAP -> table(whole(input));
      case WRITE_ROWS, UPDATE_ROWS, DELETE_ROWS, EXT_WRITE_ROWS, EXT_UPDATE_ROWS, EXT_DELETE_ROWS ->
          rows(type, input);
      case UNKNOWN -> {
        if ((header.getFlags() & IGNORABLE) == 0 && !WITHOUT_CHANGES.contains(number)) {
          throw unreadable(
              "the log has an event of the unknown type " + number,
              "see what the server was set to");
        }
        yield null;
      }
      default -> null;
    };
  }

  /** All of it, so that an end that comes early is not taken for that of the connection. */
  private static ByteArrayInputStream whole(ByteArrayInputStream input) throws IOException {
    return new Bytes(input.read(input.available()));
  }

  /** With texts whose bytes are their characters: the character set is known later only. */
  private static final class Bytes extends ByteArrayInputStream {
    Bytes(byte[] bytes) {
      super(bytes);
    }

    @Override
    public String readString(int length) throws IOException {
      return new String(read(length), StandardCharsets.ISO_8859_1);
    }
  }

  private @Nullable EventData rows(EventType type, ByteArrayInputStream input) throws IOException {
    ByteArrayInputStream event = whole(input);
    long number = event.readLong(6);
    if (!tables.containsKey(number)) {
      return null;
    }
    event.reset();
    try {
      return new BinlogRows(type, tables).deserialize(event);
    } catch (EOFException e) {
      throw unreadable("rows of the log end early: " + e.getMessage(), "see whether it is damaged");
    }
  }

  private @Nullable EventData table(ByteArrayInputStream input) throws IOException {
    byte[] bytes = input.read(input.available());
    int databaseLength = bytes[8] & 0xFF;
    int tableLength = bytes[10 + databaseLength] & 0xFF;
    String name =
        new String(bytes, 9, databaseLength, StandardCharsets.UTF_8)
            + "."
            + new String(bytes, 11 + databaseLength, tableLength, StandardCharsets.UTF_8);
    long number = new Bytes(bytes).readLong(6);
    if (!wanted.contains(name)) {
      tables.remove(number);
      return null;
    }
    try {
      TableMapEventData table =
          new TableMapEventDataDeserializer().deserialize(new ByteArrayInputStream(bytes));
      table.setEventMetadata(metadata(bytes, 12 + databaseLength + tableLength));
      int dot = name.indexOf('.');
      table.setDatabase(name.substring(0, dot));
      table.setTable(name.substring(dot + 1));
      tables.put(number, table);
      return table;
    } catch (EOFException | NullPointerException e) {
      throw unreadable(
          "table '" + name + "' has a column of a type that is not known: " + e.getMessage(),
          "let no column of it be compressed, or leave the table out");
    }
  }

  /** Names and values with their bytes as they are, which the library would decode. */
  private static @Nullable TableMapEventMetadata metadata(byte[] bytes, int from)
      throws IOException {
    ByteArrayInputStream input = new Bytes(Arrays.copyOfRange(bytes, from, bytes.length));
    int columns = input.readPackedInteger();
    byte[] types = input.read(columns);
    input.skip(input.readPackedInteger());
    input.skip((columns + 7) / 8);
    return input.available() == 0
        ? null
        : new TableMapEventMetadataDeserializer()
            .deserialize(new Bytes(input.read(input.available())), columns, types);
  }

  /** Another try would meet the same. */
  static FluxCoreException unreadable(String what, String remedy) {
    return FluxCoreException.user(
        CdcSource.UNSUITABLE,
        Place.of("type"),
        what,
        remedy + "; and start the job without its checkpoint, so that it takes a new snapshot");
  }
}
