package io.fluxcore.adapters.in.format;

import com.google.protobuf.Descriptors.Descriptor;
import io.fluxcore.domain.event.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How messages of one type become rows: fields that are wanted are appended to their columns as
 * they come, others are skipped. Wanted fields that the type does not have are null. Not
 * thread-safe.
 */
final class ProtoPlan {
  /** Numbers below are looked up in an array. */
  private static final int DENSE = 1024;

  private final ProtoMessage message;
  private final List<Step> steps = new ArrayList<>();
  private final List<Integer> absent = new ArrayList<>();
  private final @Nullable Step[] byNumber;
  private final Map<Integer, Step> others = new java.util.HashMap<>();

  /** A field that is wanted, or must be there. */
  private static final class Step {
    final String name;

    /** Null: it only must be there. */
    final @Nullable ProtoField field;

    final int column;
    final boolean required;
    boolean seen;

    Step(String name, @Nullable ProtoField field, int column, boolean required) {
      this.name = name;
      this.field = field;
      this.column = column;
      this.required = required;
    }
  }

  /**
   * A plan.
   *
   * @throws BadValue if a field cannot be had from the type's
   */
  ProtoPlan(Descriptor type, Schema wanted, FieldSettings settings) {
    this.message = ProtoMessage.of(type);
    int largest = 0;
    for (var field : type.getFields()) {
      largest = field.getNumber() < DENSE ? Math.max(largest, field.getNumber()) : largest;
    }
    this.byNumber = new @Nullable Step[largest + 1];
    List<String> missing = new ArrayList<>(wanted.fieldNames());
    List<String> required = new ArrayList<>(settings.required());
    for (int i = 0; i < type.getFields().size(); i++) {
      ProtoType own = message.fields().get(i);
      int column = wanted.indexOf(own.name());
      boolean mustBe = required.remove(own.name()) && own.hasPresence();
      if (column < 0 && !mustBe) {
        continue;
      }
      ProtoField field = column < 0 ? null : ProtoField.of(own, wanted.field(column), settings);
      if (column >= 0 && field == null) {
        throw new BadValue(
            BadValue.WRONG_TYPE,
            "field '" + own.name() + "' is " + own + ", not " + wanted.type(column));
      }
      missing.remove(own.name());
      Step step = new Step(own.name(), field, column, mustBe);
      steps.add(step);
      int number = type.getFields().get(i).getNumber();
      if (number < byNumber.length) {
        byNumber[number] = step;
      } else {
        others.put(number, step);
      }
    }
    for (String name : required) {
      throw BadValue.missing(name);
    }
    missing.forEach(name -> absent.add(wanted.ordinal(name)));
  }

  /**
   * Appends the values of one message.
   *
   * @throws BadValue if it is bad
   */
  void read(ProtoInput in, RowAssembler rows) {
    try {
      while (in.hasMore()) {
        int tag = in.readTag();
        Step step = find(tag >>> 3);
        if (step == null) {
          in.skip(tag);
          continue;
        }
        step.seen = true;
        if (step.field == null || !step.field.take(in, tag, rows.column(step.column))) {
          in.skip(tag);
        }
      }
      for (Step step : steps) {
        if (step.required && !step.seen) {
          throw BadValue.missing(step.name);
        }
        if (step.field != null) {
          step.field.end(in, rows.column(step.column));
        }
      }
    } finally {
      for (Step step : steps) {
        step.seen = false;
        if (step.field != null) {
          step.field.reset();
        }
      }
    }
    for (int column : absent) {
      rows.column(column).appendNull();
    }
  }

  private @Nullable Step find(int number) {
    if (number < byNumber.length) {
      return byNumber[number];
    }
    return others.isEmpty() ? null : others.get(number);
  }

  /** All fields of a message, whether wanted or not. */
  Map<String, @Nullable Object> members(ProtoInput in) {
    return message.members(in, 0, 0);
  }
}
