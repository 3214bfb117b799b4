package io.fluxcore.domain.code;

import io.fluxcore.domain.event.DataType;
import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Java types that functions of applications may have, and values between them and those of fields.
 * {@code boolean}; {@code byte}, {@code short}, {@code int}, {@code long}; {@code float}, {@code
 * double}; {@link BigDecimal}; {@link String}; {@code byte[]}; {@link LocalDate}, {@link
 * LocalDateTime}, {@link Instant}; and nested ones: {@code List}, arrays, {@code Map} with keys
 * that are texts, numbers or booleans, records, public classes with public fields, and {@code
 * Object} for any nested value. Boxed types may be null.
 */
public final class JavaTypes {
  /** Of a {@link BigDecimal}, as Flink has it. */
  public static final DataType DECIMAL = DataType.decimal(38, 18);

  private JavaTypes() {}

  /**
   * The type of fields that hold values of a Java type.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static DataType dataType(Type type) {
    Class<?> raw = raw(type);
    if (raw == boolean.class || raw == Boolean.class) {
      return DataType.BOOLEAN;
    }
    if (isInteger(raw)) {
      return DataType.LONG;
    }
    if (raw == float.class || raw == Float.class || raw == double.class || raw == Double.class) {
      return DataType.DOUBLE;
    }
    if (raw == BigDecimal.class) {
      return DECIMAL;
    }
    if (raw == String.class) {
      return DataType.STRING;
    }
    if (raw == byte[].class) {
      return DataType.BYTES;
    }
    if (raw == LocalDate.class) {
      return DataType.DATE;
    }
    if (raw == LocalDateTime.class) {
      return DataType.TIMESTAMP;
    }
    if (raw == Instant.class) {
      return DataType.TIMESTAMP_TZ;
    }
    if (raw == Object.class || raw == List.class || raw == Map.class || raw.isArray()) {
      elementTypes(type).forEach(JavaTypes::dataType);
      return DataType.NESTED;
    }
    if (raw.isRecord() || isPlainClass(raw)) {
      parts(raw).values().forEach(JavaTypes::dataType);
      return DataType.NESTED;
    }
    throw new IllegalArgumentException(
        type.getTypeName()
            + " is not a type of values; use boolean, numbers, BigDecimal, String, byte[],"
            + " LocalDate, LocalDateTime, Instant, List, Map, a record, or Object for what is"
            + " nested");
  }

  private static boolean isInteger(Class<?> raw) {
    return raw == long.class
        || raw == Long.class
        || raw == int.class
        || raw == Integer.class
        || raw == short.class
        || raw == Short.class
        || raw == byte.class
        || raw == Byte.class;
  }

  private static boolean isPlainClass(Class<?> raw) {
    return Modifier.isPublic(raw.getModifiers())
        && !raw.isPrimitive()
        && !raw.isInterface()
        && !raw.getName().startsWith("java.")
        && fields(raw).length > 0
        && Arrays.stream(raw.getConstructors()).anyMatch(c -> c.getParameterCount() == 0);
  }

  private static Field[] fields(Class<?> raw) {
    return Arrays.stream(raw.getFields())
        .filter(field -> !Modifier.isStatic(field.getModifiers()))
        .toArray(Field[]::new);
  }

  /** The components of a record, or the public fields of a class, by name. */
  public static Map<String, Type> parts(Class<?> raw) {
    Map<String, Type> parts = new LinkedHashMap<>();
    if (raw.isRecord()) {
      for (RecordComponent component : raw.getRecordComponents()) {
        parts.put(component.getName(), component.getGenericType());
      }
    } else {
      for (Field field : fields(raw)) {
        parts.put(field.getName(), field.getGenericType());
      }
    }
    return parts;
  }

  /** The class of a type. */
  public static Class<?> raw(Type type) {
    if (type instanceof Class<?> raw) {
      return raw;
    }
    if (type instanceof ParameterizedType parameterized) {
      return (Class<?>) parameterized.getRawType();
    }
    if (type instanceof GenericArrayType array) {
      return Array.newInstance(raw(array.getGenericComponentType()), 0).getClass();
    }
    if (type instanceof WildcardType wildcard) {
      return raw(wildcard.getUpperBounds()[0]);
    }
    return Object.class;
  }

  /** The type of a list's elements, or those of a map's keys and values; none where it is open. */
  public static List<Type> elementTypes(Type type) {
    if (type instanceof ParameterizedType parameterized) {
      return List.of(parameterized.getActualTypeArguments());
    }
    if (type instanceof GenericArrayType array) {
      return List.of(array.getGenericComponentType());
    }
    Class<?> raw = raw(type);
    return raw.isArray() && raw != byte[].class ? List.of(raw.getComponentType()) : List.of();
  }

  /**
   * A field's value as a Java type wants it.
   *
   * @throws IllegalArgumentException if it does not fit
   */
  public static @Nullable Object toJava(Type type, @Nullable Object value) {
    Class<?> raw = raw(type);
    if (value == null) {
      return null;
    }
    try {
      if (value instanceof Number number && raw != Object.class) {
        return number(raw, number);
      }
      if (value instanceof String text) {
        return text(raw, text);
      }
      if (value instanceof List<?> list) {
        return list(type, raw, list);
      }
      if (value instanceof Map<?, ?> map) {
        return map(type, raw, map);
      }
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException(value + " does not fit " + raw.getSimpleName(), e);
    }
    return value;
  }

  private static Object number(Class<?> raw, Number number) {
    if (raw == double.class || raw == Double.class) {
      return number.doubleValue();
    }
    if (raw == float.class || raw == Float.class) {
      return number.floatValue();
    }
    BigDecimal exact = exact(number);
    if (raw == BigDecimal.class) {
      return exact;
    }
    if (raw == int.class || raw == Integer.class) {
      return exact.intValueExact();
    }
    if (raw == short.class || raw == Short.class) {
      return exact.shortValueExact();
    }
    if (raw == byte.class || raw == Byte.class) {
      return exact.byteValueExact();
    }
    return exact.longValueExact();
  }

  private static BigDecimal exact(Number number) {
    if (number instanceof BigDecimal decimal) {
      return decimal;
    }
    return number instanceof Double real
        ? BigDecimal.valueOf(real)
        : BigDecimal.valueOf(number.longValue());
  }

  /** Within nested values bytes, dates and times are texts. */
  private static Object text(Class<?> raw, String text) {
    if (raw == LocalDate.class) {
      return LocalDate.parse(text);
    }
    if (raw == LocalDateTime.class) {
      return LocalDateTime.parse(text.replace(' ', 'T'));
    }
    if (raw == Instant.class) {
      return Instant.parse(text);
    }
    return raw == byte[].class ? Base64.getDecoder().decode(text) : text;
  }

  private static Object list(Type type, Class<?> raw, List<?> list) {
    if (raw == Object.class) {
      return list;
    }
    List<Type> of = elementTypes(type);
    Type element = of.isEmpty() ? Object.class : of.get(0);
    if (raw.isArray()) {
      Object array = Array.newInstance(raw.getComponentType(), list.size());
      for (int i = 0; i < list.size(); i++) {
        Array.set(array, i, toJava(element, list.get(i)));
      }
      return array;
    }
    List<@Nullable Object> converted = new ArrayList<>(list.size());
    list.forEach(item -> converted.add(toJava(element, item)));
    return converted;
  }

  private static Object map(Type type, Class<?> raw, Map<?, ?> map) {
    if (raw == Object.class) {
      return map;
    }
    if (raw != Map.class) {
      return instance(raw, map);
    }
    List<Type> of = elementTypes(type);
    Map<@Nullable Object, @Nullable Object> converted = new LinkedHashMap<>();
    map.forEach(
        (key, value) ->
            converted.put(
                of.isEmpty() ? key : key(raw(of.get(0)), String.valueOf(key)),
                toJava(of.isEmpty() ? Object.class : of.get(1), value)));
    return converted;
  }

  /** A key, which is a text within nested values. */
  private static @Nullable Object key(Class<?> raw, String text) {
    if (raw == Boolean.class) {
      return Boolean.valueOf(text);
    }
    boolean isNumber = Number.class.isAssignableFrom(raw);
    return isNumber ? number(raw, new BigDecimal(text)) : text(raw, text);
  }

  private static Object instance(Class<?> raw, Map<?, ?> map) {
    try {
      if (raw.isRecord()) {
        RecordComponent[] components = raw.getRecordComponents();
        Class<?>[] types = new Class<?>[components.length];
        @Nullable Object[] values = new @Nullable Object[components.length];
        for (int i = 0; i < components.length; i++) {
          types[i] = components[i].getType();
          values[i] = toJava(components[i].getGenericType(), map.get(components[i].getName()));
        }
        Constructor<?> constructor = raw.getDeclaredConstructor(types);
        constructor.trySetAccessible();
        return constructor.newInstance(values);
      }
      Object instance = raw.getConstructor().newInstance();
      for (Field field : fields(raw)) {
        if (map.get(field.getName()) != null) {
          field.set(instance, toJava(field.getGenericType(), map.get(field.getName())));
        }
      }
      return instance;
    } catch (InvocationTargetException e) {
      throw new IllegalArgumentException(raw.getSimpleName() + " threw " + e.getCause(), e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException(raw.getSimpleName() + " cannot be made: " + e, e);
    }
  }

  /**
   * A Java value as a field of its type holds it.
   *
   * @throws IllegalArgumentException if no field does
   */
  public static @Nullable Object toValue(@Nullable Object value) {
    if (value == null
        || value instanceof Boolean
        || value instanceof Long
        || value instanceof Double
        || value instanceof BigDecimal
        || value instanceof String
        || value instanceof byte[]
        || value instanceof LocalDate
        || value instanceof LocalDateTime
        || value instanceof Instant) {
      return value;
    }
    if (value instanceof Integer || value instanceof Short || value instanceof Byte) {
      return ((Number) value).longValue();
    }
    return value instanceof Float number ? number.doubleValue() : nested(value);
  }

  private static @Nullable Object part(@Nullable Object value) {
    Object of = toValue(value);
    if (of instanceof byte[] bytes) {
      return Base64.getEncoder().encodeToString(bytes);
    }
    if (of instanceof LocalDate || of instanceof LocalDateTime || of instanceof Instant) {
      return of.toString();
    }
    return of;
  }

  private static Object nested(Object value) {
    if (value instanceof Iterable<?> items) {
      List<@Nullable Object> list = new ArrayList<>();
      items.forEach(item -> list.add(part(item)));
      return list;
    }
    if (value.getClass().isArray()) {
      List<@Nullable Object> list = new ArrayList<>();
      for (int i = 0; i < Array.getLength(value); i++) {
        list.add(part(Array.get(value, i)));
      }
      return list;
    }
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    if (value instanceof Map<?, ?> entries) {
      entries.forEach((key, of) -> map.put(String.valueOf(key), part(of)));
      return map;
    }
    if (!value.getClass().isRecord() && !isPlainClass(value.getClass())) {
      throw new IllegalArgumentException("no field can hold a " + value.getClass().getName());
    }
    try {
      if (value.getClass().isRecord()) {
        for (RecordComponent component : value.getClass().getRecordComponents()) {
          component.getAccessor().trySetAccessible();
          map.put(component.getName(), part(component.getAccessor().invoke(value)));
        }
      } else {
        for (Field field : fields(value.getClass())) {
          map.put(field.getName(), part(field.get(value)));
        }
      }
      return map;
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException(value.getClass().getName() + " cannot be read: " + e, e);
    }
  }
}
