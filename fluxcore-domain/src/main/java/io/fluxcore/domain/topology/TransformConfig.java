package io.fluxcore.domain.topology;

import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.event.Event;
import io.fluxcore.domain.event.Field;
import io.fluxcore.domain.event.Schema;
import io.fluxcore.domain.keyed.TimeToLive;
import io.fluxcore.domain.operator.ErrorPolicy;
import io.fluxcore.domain.process.KeyedProcessFunction;
import io.fluxcore.domain.process.StateDescriptor;
import io.fluxcore.domain.row.SortField;
import io.fluxcore.domain.sort.EventTimeSort;
import io.fluxcore.domain.transform.FlatMapFunction;
import io.fluxcore.domain.transform.MapFunction;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A step that takes rows and gives rows. All but {@link ProcessCode}, which has state of the row's
 * key, and {@link Sort} treat them one by one, without state. Each kind is a record with a builder.
 */
public sealed interface TransformConfig extends NodeConfig {
  /** The port of a route for rows that no condition takes: its main port's other name. */
  String DEFAULT_PORT = "default";

  /** Keeps the rows for which a predicate is true. */
  static FilterBuilder filter() {
    return new FilterBuilder();
  }

  /** All fields of the input, with some added or replaced; or whatever a function makes of them. */
  static MapBuilder map() {
    return new MapBuilder();
  }

  /** Only the named fields, in the order in which they are named. */
  static ProjectBuilder project() {
    return new ProjectBuilder();
  }

  /** Any number of rows for each event. */
  static FlatMapBuilder flatMap() {
    return new FlatMapBuilder();
  }

  /** A row for each element of a list, or entry of a map, that a field holds. */
  static UnnestBuilder unnest(String field) {
    return new UnnestBuilder(field);
  }

  /** Other names for fields. */
  static RenameBuilder rename() {
    return new RenameBuilder();
  }

  /** Brings all rows of a key together, in order. */
  static KeyBy keyBy(String... fields) {
    return new KeyBy(List.of(fields), null);
  }

  /** The rows of all upstream nodes, which must have the same fields. */
  static Union union() {
    return new Union(null);
  }

  /** Each row goes to the port of the first condition that is true for it. */
  static RouteBuilder route() {
    return new RouteBuilder();
  }

  /** User code that sees the rows of each key in order, with state and timers. */
  static ProcessCodeBuilder process() {
    return new ProcessCodeBuilder();
  }

  /** Holds rows until the watermark has passed them, and gives them in the order of event time. */
  static SortBuilder sort() {
    return new SortBuilder();
  }

  /** Lets user code see each row. */
  static PeekBuilder peek() {
    return new PeekBuilder();
  }

  /**
   * Keeps the rows for which the criterion is true.
   *
   * @param criterion null when it was not given, which validation reports
   */
  record Filter(@Nullable Criterion criterion, @Nullable ErrorPolicy errors)
      implements TransformConfig {
    @Override
    public String describe() {
      return "filter " + (criterion == null ? "?" : criterion);
    }

    @Override
    public List<String> boundParts() {
      return criterion == null || criterion.isPortable() ? List.of() : List.of("predicate lambda");
    }
  }

  /**
   * Computes fields by expressions.
   *
   * @param fields expression text by output name, in the order of the output
   * @param keepOthers whether the input's other fields stay, before the new ones; a field of the
   *     same name is replaced in its place
   */
  record Project(Map<String, String> fields, boolean keepOthers, @Nullable ErrorPolicy errors)
      implements TransformConfig {
    public Project {
      fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }

    @Override
    public String describe() {
      return (keepOthers ? "map *, " : "project ")
          + fields.entrySet().stream()
              .map(
                  e ->
                      e.getKey().equals(e.getValue())
                          ? e.getKey()
                          : e.getValue() + " as " + e.getKey())
              .collect(Collectors.joining(", "));
    }
  }

  /**
   * Makes one row of each event by user code.
   *
   * @param function user code
   * @param output its fields; null when they were not declared, which validation reports
   */
  record MapCode(MapFunction function, @Nullable Schema output, @Nullable ErrorPolicy errors)
      implements TransformConfig {
    @Override
    public String describe() {
      return "map λ" + (output == null ? "" : " → " + output);
    }

    @Override
    public List<String> boundParts() {
      return List.of("map lambda");
    }
  }

  /**
   * Makes any number of rows of each event by user code.
   *
   * @param function user code; null when it was not given, which validation reports
   * @param output its fields; null when they were not declared, which validation reports
   */
  record FlatMap(
      @Nullable FlatMapFunction function, @Nullable Schema output, @Nullable ErrorPolicy errors)
      implements TransformConfig {
    @Override
    public String describe() {
      return "flatMap λ" + (output == null ? "" : " → " + output);
    }

    @Override
    public List<String> boundParts() {
      return List.of("flatMap lambda");
    }
  }

  /**
   * Makes a row for each element of a list, or for each entry of a map, of which the element is a
   * map of {@code key} and {@code value}. The other fields, the time and the envelope are those of
   * the row; a row that is taken back takes those of its elements back.
   *
   * @param field that holds lists or maps
   * @param as the field of the element, which is nested
   * @param position the field of the element's number, from 1; null for none
   * @param keepsEmpty whether a row without elements leaves once, with nulls
   */
  record Unnest(
      String field,
      String as,
      @Nullable String position,
      boolean keepsEmpty,
      @Nullable ErrorPolicy errors)
      implements TransformConfig {
    @Override
    public String describe() {
      return "unnest "
          + field
          + (as.equals(field) ? "" : " as " + as)
          + (position == null ? "" : " with position " + position)
          + (keepsEmpty ? ", empty ones kept" : "");
    }

    /** Whether a field of the rows is made here. */
    public boolean makes(String name) {
      return name.equals(as) || name.equals(position);
    }

    /** The fields of the rows, of an input with these. */
    public Schema output(Schema input) {
      List<Field> fields = new ArrayList<>();
      input.fields().stream().filter(f -> !makes(f.name())).forEach(fields::add);
      fields.add(new Field(as, DataType.NESTED));
      if (position != null) {
        fields.add(new Field(position, DataType.LONG));
      }
      return Schema.of(fields);
    }
  }

  /**
   * Gives fields other names.
   *
   * @param names new name by old name
   */
  record Rename(Map<String, String> names, @Nullable ErrorPolicy errors)
      implements TransformConfig {
    public Rename {
      names = Collections.unmodifiableMap(new LinkedHashMap<>(names));
    }

    @Override
    public String describe() {
      return "rename "
          + names.entrySet().stream()
              .map(e -> e.getKey() + " to " + e.getValue())
              .collect(Collectors.joining(", "));
    }
  }

  /**
   * Brings all rows of a key together, in order.
   *
   * @param fields of the key
   */
  record KeyBy(List<String> fields, @Nullable ErrorPolicy errors) implements TransformConfig {
    public KeyBy {
      fields = List.copyOf(fields);
    }

    @Override
    public String describe() {
      return "keyBy " + String.join(", ", fields);
    }
  }

  /** The rows of several upstream nodes. */
  record Union(@Nullable ErrorPolicy errors) implements TransformConfig {
    @Override
    public String describe() {
      return "union";
    }
  }

  /**
   * Sends each row to the port of the first branch whose criterion is true, or to the main port.
   *
   * @param branches in the order in which they are asked; their ports have numbers from 1
   */
  record Route(List<Branch> branches, @Nullable ErrorPolicy errors) implements TransformConfig {
    public Route {
      branches = List.copyOf(branches);
    }

    @Override
    public List<String> ports() {
      return branches.stream().map(Branch::port).toList();
    }

    @Override
    public String describe() {
      return "route "
          + branches.stream()
              .map(b -> b.port() + " if " + b.criterion())
              .collect(Collectors.joining(", "));
    }

    @Override
    public List<String> boundParts() {
      return branches.stream()
          .filter(b -> !b.criterion().isPortable())
          .map(b -> "predicate lambda of port '" + b.port() + "'")
          .toList();
    }
  }

  /**
   * A way out of a route.
   *
   * @param port its name
   * @param criterion which rows take it
   */
  record Branch(String port, Criterion criterion) {}

  /**
   * Puts the rows of each key in the order of event time. Rows that come after the watermark has
   * passed them are late: they are counted, and leave by the port {@code late}.
   *
   * @param key fields of the key; none for one order of all rows, on one subtask
   * @param thenBy decides between rows of the same time; without it those that came first are first
   * @param maxRows rows that a subtask may hold; more fail the job
   */
  record Sort(List<String> key, List<SortField> thenBy, long maxRows, @Nullable ErrorPolicy errors)
      implements TransformConfig {
    public Sort {
      key = List.copyOf(key);
      thenBy = List.copyOf(thenBy);
    }

    @Override
    public List<String> ports() {
      return List.of(WindowConfig.LATE_PORT);
    }

    @Override
    public String describe() {
      StringBuilder text = new StringBuilder("sort by event time");
      thenBy.forEach(field -> text.append(", ").append(field));
      return text.append(key.isEmpty() ? "" : " per " + String.join(", ", key)).toString();
    }

    /** As the operators understand it. */
    public EventTimeSort sort() {
      return new EventTimeSort(key, thenBy, maxRows);
    }
  }

  /**
   * Lets user code see each row.
   *
   * @param action user code; null when it was not given, which validation reports
   */
  record Peek(@Nullable Consumer<Event> action, @Nullable ErrorPolicy errors)
      implements TransformConfig {
    @Override
    public String describe() {
      return "peek λ";
    }

    @Override
    public List<String> boundParts() {
      return List.of("peek lambda");
    }
  }

  /**
   * Runs a keyed process function.
   *
   * @param function user code; null when it has a name, or none was given, which validation reports
   * @param functionName the name under which the function is registered where the job runs, or null
   * @param keyBy fields of the key; none: that of the {@code keyBy} upstream
   * @param states declared beside those that the function declares itself
   * @param timeToLive of states that have none of their own, or null
   * @param output fields of its rows; null when they were not declared, which validation reports
   * @param sideOutputs fields of the rows of its other ports, by name
   */
  record ProcessCode(
      @Nullable KeyedProcessFunction function,
      @Nullable String functionName,
      List<String> keyBy,
      List<StateDescriptor<?>> states,
      @Nullable TimeToLive timeToLive,
      @Nullable Schema output,
      Map<String, Schema> sideOutputs,
      @Nullable ErrorPolicy errors)
      implements TransformConfig {
    public ProcessCode {
      keyBy = List.copyOf(keyBy);
      states = List.copyOf(states);
      sideOutputs = Collections.unmodifiableMap(new LinkedHashMap<>(sideOutputs));
    }

    /** All states, as far as the function is at hand. */
    List<StateDescriptor<?>> allStates() {
      List<StateDescriptor<?>> all = new ArrayList<>();
      if (function != null) {
        all.addAll(function.states());
      }
      all.addAll(states);
      return all;
    }

    @Override
    public List<String> ports() {
      return List.copyOf(sideOutputs.keySet());
    }

    @Override
    public String describe() {
      return "process "
          + (functionName == null ? "λ" : functionName)
          + (keyBy.isEmpty() ? "" : " by " + String.join(", ", keyBy))
          + (timeToLive == null ? "" : " (state lives " + timeToLive + ")")
          + (output == null ? "" : " → " + output)
          + sideOutputs.entrySet().stream()
              .map(e -> ", " + e.getKey() + " → " + e.getValue())
              .collect(Collectors.joining());
    }

    @Override
    public List<String> boundParts() {
      return functionName == null
          ? List.of("process function")
          : states.isEmpty() ? List.of() : List.of("states declared beside the function");
    }
  }
}
