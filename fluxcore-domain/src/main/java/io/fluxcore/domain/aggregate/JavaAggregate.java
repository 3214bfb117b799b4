package io.fluxcore.domain.aggregate;

import io.fluxcore.domain.code.JavaMethods;
import io.fluxcore.domain.code.JavaTypes;
import io.fluxcore.domain.code.UserAggregate;
import io.fluxcore.domain.event.DataType;
import io.fluxcore.domain.state.StateSerializer;
import io.fluxcore.domain.state.ValueCodec;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A {@link UserAggregate} as an aggregate function: by the name of its class, or by one under which
 * it is registered. One of several arguments aggregates lists of them. Immutable and thread-safe.
 */
public final class JavaAggregate implements AggregateFunction<Object> {
  private final String name;
  private final Class<?> type;
  private final UserAggregate<?, Object> aggregate;
  private final JavaMethods accumulate;
  private final JavaMethods retract;
  private final Type accumulatorType;
  private final Type resultType;

  @SuppressWarnings("unchecked") // accumulators go from one of its methods to the other
  private JavaAggregate(String name, UserAggregate<?, ?> aggregate) {
    this.name = name;
    this.type = aggregate.getClass();
    this.aggregate = (UserAggregate<?, Object>) aggregate;
    this.accumulate = new JavaMethods(type, "accumulate", 1);
    this.retract = new JavaMethods(type, "retract", 1);
    this.accumulatorType = returned("createAccumulator");
    this.resultType = returned("getValue");
    if (accumulate.all().isEmpty()) {
      throw JavaMethods.refused(
          type,
          "it has no public method accumulate",
          "add one that takes the accumulator and the arguments");
    }
  }

  /** An aggregate that the application has made, by a name. */
  public static JavaAggregate of(String name, UserAggregate<?, ?> aggregate) {
    return new JavaAggregate(name, aggregate);
  }

  /**
   * An aggregate by the name of its class.
   *
   * @throws io.fluxcore.domain.error.FluxCoreException of category USER if there is no such one
   */
  public static JavaAggregate ofClass(String className) {
    Class<?> type = JavaMethods.find(className, List.of(UserAggregate.class));
    return new JavaAggregate(className, (UserAggregate<?, ?>) JavaMethods.instance(type));
  }

  private Type returned(String method) {
    List<Method> methods = new ArrayList<>();
    for (Method candidate : type.getMethods()) {
      if (candidate.getName().equals(method) && !candidate.isBridge()) {
        candidate.trySetAccessible();
        methods.add(candidate);
      }
    }
    Type returned = methods.get(0).getGenericReturnType();
    try {
      DataType unused = JavaTypes.dataType(returned);
    } catch (IllegalArgumentException e) {
      throw JavaMethods.refused(type, method + ": " + e.getMessage(), "change its signature");
    }
    return returned;
  }

  /** The Java type of the result. */
  public Type resultType() {
    return resultType;
  }

  /**
   * The types that it takes in place of these.
   *
   * @throws io.fluxcore.domain.error.FluxCoreException of category USER if it does not take them
   */
  public List<DataType> parameters(List<@Nullable DataType> arguments) {
    return accumulate.taken(accumulate.best(arguments), arguments);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public DataType resultType(DataType input) {
    return JavaTypes.dataType(resultType);
  }

  @Override
  public Object create() {
    return aggregate.createAccumulator();
  }

  @Override
  public Object accumulate(Object accumulator, @Nullable Object value) {
    return changed(accumulate, accumulator, value);
  }

  @Override
  public boolean canRetract() {
    return !retract.all().isEmpty();
  }

  @Override
  public Object retract(Object accumulator, @Nullable Object value) {
    return changed(retract, accumulator, value);
  }

  /** A list is the arguments of a method that takes several, otherwise a value the only one. */
  private Object changed(JavaMethods methods, Object accumulator, @Nullable Object value) {
    @Nullable Object[] before = {accumulator};
    Method method = method(methods, value);
    boolean isSingle = method.getParameterCount() == 2 && !method.isVarArgs();
    @Nullable Object[] values =
        isSingle || !(value instanceof List<?> list)
            ? new @Nullable Object[] {value}
            : list.toArray();
    Object changed = methods.call(aggregate, method, before, values);
    return changed == null ? accumulator : changed;
  }

  private static Method method(JavaMethods methods, @Nullable Object value) {
    if (methods.all().size() == 1) {
      return methods.all().get(0);
    }
    int count = value instanceof List<?> list ? list.size() : 1;
    List<@Nullable DataType> given = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      given.add(value instanceof List<?> list ? kind(list.get(i)) : kind(value));
    }
    return methods.best(given);
  }

  private static @Nullable DataType kind(@Nullable Object value) {
    return value == null
        ? null
        : JavaTypes.dataType(value instanceof List ? List.class : value.getClass());
  }

  @Override
  public Object merge(Object left, Object right) {
    return aggregate.merge(left, right);
  }

  @Override
  public @Nullable Object result(Object accumulator) {
    return JavaTypes.toValue(aggregate.getValue(accumulator));
  }

  @Override
  public StateSerializer<Object> serializer() {
    return new Accumulators(type.getName(), accumulatorType);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof JavaAggregate java && java.name.equals(name) && java.type == type;
  }

  @Override
  public int hashCode() {
    return name.hashCode();
  }

  @Override
  public String toString() {
    return name;
  }

  /** Accumulators as nested values. */
  private record Accumulators(String className, Type type) implements StateSerializer<Object> {
    @Override
    public String id() {
      return "java:" + className;
    }

    @Override
    public int version() {
      return 1;
    }

    @Override
    public void write(Object value, DataOutput out) throws IOException {
      ValueCodec.write(JavaTypes.dataType(type), JavaTypes.toValue(value), out);
    }

    @Override
    public Object read(DataInput in, int version) throws IOException {
      Object value = JavaTypes.toJava(type, ValueCodec.read(JavaTypes.dataType(type), in));
      if (value == null) {
        throw new IOException("the accumulator of " + className + " is null");
      }
      return value;
    }
  }
}
