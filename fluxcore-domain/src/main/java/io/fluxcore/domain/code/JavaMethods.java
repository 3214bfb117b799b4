package io.fluxcore.domain.code;

import io.fluxcore.domain.error.FluxCoreException;
import io.fluxcore.domain.error.Place;
import io.fluxcore.domain.event.DataType;
import java.lang.reflect.Array;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The classes of applications by their names, and the public methods of one name of such a class.
 * Immutable and thread-safe.
 */
public final class JavaMethods {
  private static final String CODE = "FLX-CODE-0001";

  private final Class<?> type;
  private final List<Method> methods;
  private final int leading;

  /**
   * The methods of a class.
   *
   * @param name theirs
   * @param leading parameters that are no arguments
   * @throws FluxCoreException of category USER if a type of one is none that values have
   */
  public JavaMethods(Class<?> type, String name, int leading) {
    this.type = type;
    this.leading = leading;
    List<Method> found = new ArrayList<>();
    for (Method method : type.getMethods()) {
      if (method.getName().equals(name)
          && !method.isBridge()
          && !Modifier.isStatic(method.getModifiers())
          && method.getParameterCount() >= leading) {
        check(method);
        found.add(method);
      }
    }
    found.sort(Comparator.comparing(Method::isVarArgs).thenComparing(m -> m.toGenericString()));
    this.methods = List.copyOf(found);
  }

  private void check(Method method) {
    try {
      Type[] parameters = method.getGenericParameterTypes();
      for (int i = leading; i < parameters.length; i++) {
        DataType unused = JavaTypes.dataType(parameters[i]);
      }
      if (leading == 0) {
        DataType unused = JavaTypes.dataType(method.getGenericReturnType());
      }
      method.trySetAccessible();
    } catch (IllegalArgumentException e) {
      throw refused(type, method.getName() + ": " + e.getMessage(), "change its signature");
    }
  }

  /** The refusal of a class. */
  public static FluxCoreException refused(Class<?> type, String why, String remedy) {
    return FluxCoreException.user(CODE, Place.of("class '" + type.getName() + "'"), why, remedy);
  }

  public List<Method> all() {
    return methods;
  }

  /**
   * The class of this name, which must be of a kind.
   *
   * @throws FluxCoreException of category USER if there is none
   */
  public static Class<?> find(String name, List<Class<?>> kinds) {
    try {
      Class<?> type = Class.forName(name, false, JavaMethods.class.getClassLoader());
      if (kinds.stream().anyMatch(kind -> kind.isAssignableFrom(type))) {
        return type;
      }
      throw refused(
          type,
          "it is no function",
          "let it implement one of "
              + kinds.stream().map(Class::getSimpleName).toList()
              + " of io.fluxcore.domain.code");
    } catch (ClassNotFoundException | LinkageError e) {
      throw FluxCoreException.user(
          CODE,
          Place.of("class '" + name + "'"),
          "there is no class '" + name + "'",
          "put it on the class path; a nested class is Outer$Inner");
    }
  }

  /**
   * An instance of a class.
   *
   * @throws FluxCoreException of category USER if it cannot be made
   */
  public static Object instance(Class<?> type) {
    if (!Modifier.isPublic(type.getModifiers()) || Modifier.isAbstract(type.getModifiers())) {
      throw refused(type, "it is not a public class that can be made", "make it public");
    }
    try {
      return type.getConstructor().newInstance();
    } catch (InvocationTargetException e) {
      throw refused(type, "its constructor threw " + e.getCause(), "correct it");
    } catch (ReflectiveOperationException e) {
      throw refused(
          type,
          "it has no public constructor without parameters",
          "add one; a nested class must be static");
    }
  }

  /**
   * The method that takes arguments of these types: the one that needs the fewest conversions.
   *
   * @param given null for a null of no type
   * @throws FluxCoreException of category USER if there is none
   */
  public Method best(List<@Nullable DataType> given) {
    Method best = null;
    int least = Integer.MAX_VALUE;
    for (Method method : methods) {
      int cost = cost(method, given);
      if (cost < least) {
        best = method;
        least = cost;
      }
    }
    if (best == null) {
      throw refused(
          type,
          "it takes no " + given,
          "there are " + methods.stream().map(JavaMethods::signature).toList());
    }
    return best;
  }

  private static String signature(Method method) {
    return method.getName()
        + Arrays.stream(method.getParameterTypes()).map(Class::getSimpleName).toList();
  }

  private int cost(Method method, List<@Nullable DataType> given) {
    List<Type> types = parameters(method, given.size());
    if (types.size() != given.size()) {
      return Integer.MAX_VALUE;
    }
    int cost = method.isVarArgs() ? 1 : 0;
    for (int i = 0; i < types.size(); i++) {
      DataType type = given.get(i);
      int one = type == null ? 0 : cost(types.get(i), type);
      if (one < 0) {
        return Integer.MAX_VALUE;
      }
      cost += one;
    }
    return cost;
  }

  /** How far a type is from the one that is wanted; negative where it does not go. */
  private static int cost(Type parameter, DataType given) {
    DataType wanted = JavaTypes.dataType(parameter);
    if (JavaTypes.raw(parameter) == Object.class) {
      return 16;
    }
    if (wanted.kind() == given.kind()) {
      return 0;
    }
    return switch (given.kind()) {
      case NESTED -> wanted.kind() == DataType.Kind.BYTES ? -1 : 8;
      case LONG ->
          wanted.kind() == DataType.Kind.DECIMAL
              ? 2
              : wanted.kind() == DataType.Kind.DOUBLE ? 4 : -1;
      case DECIMAL -> wanted.kind() == DataType.Kind.DOUBLE ? 2 : -1;
      case DATE ->
          wanted.kind() == DataType.Kind.TIMESTAMP
              ? 2
              : wanted.kind() == DataType.Kind.TIMESTAMP_TZ ? 4 : -1;
      case TIMESTAMP -> wanted.kind() == DataType.Kind.TIMESTAMP_TZ ? 2 : -1;
      default -> -1;
    };
  }

  /** The types in which a method takes arguments of these: {@code Object} takes any as it is. */
  public List<DataType> taken(Method method, List<@Nullable DataType> given) {
    List<Type> types = parameters(method, given.size());
    List<DataType> taken = new ArrayList<>();
    for (int i = 0; i < types.size(); i++) {
      DataType own = given.get(i);
      boolean isAny = JavaTypes.raw(types.get(i)) == Object.class;
      taken.add(isAny && own != null ? own : JavaTypes.dataType(types.get(i)));
    }
    return taken;
  }

  /** The types of so many arguments: the last one of a method may stand for several. */
  public List<Type> parameters(Method method, int count) {
    List<Type> types = new ArrayList<>(List.of(method.getGenericParameterTypes()));
    types = new ArrayList<>(types.subList(leading, types.size()));
    if (method.isVarArgs()) {
      Type last = JavaTypes.elementTypes(types.remove(types.size() - 1)).get(0);
      while (types.size() < count) {
        types.add(last);
      }
    }
    return types;
  }

  /**
   * Calls a method with arguments as fields hold them.
   *
   * @param before arguments that go before these
   * @return null, without a call, where an argument is null that cannot be
   * @throws IllegalArgumentException of what it throws
   */
  public @Nullable Object call(
      Object instance, Method method, @Nullable Object[] before, @Nullable Object[] values) {
    List<Type> types = parameters(method, values.length);
    @Nullable Object[] converted = new @Nullable Object[values.length];
    for (int i = 0; i < values.length; i++) {
      converted[i] = JavaTypes.toJava(types.get(i), values[i]);
      if (converted[i] == null && JavaTypes.raw(types.get(i)).isPrimitive()) {
        return null;
      }
    }
    try {
      return method.invoke(instance, arguments(method, before, converted));
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw new IllegalArgumentException(
          type.getSimpleName() + " threw " + e.getCause(), e.getCause());
    } catch (IllegalAccessException e) {
      throw new IllegalStateException("checked before: " + method, e);
    }
  }

  private @Nullable Object[] arguments(
      Method method, @Nullable Object[] before, @Nullable Object[] values) {
    int fixed = method.getParameterCount() - leading - (method.isVarArgs() ? 1 : 0);
    @Nullable Object[] all = Arrays.copyOf(before, method.getParameterCount());
    System.arraycopy(values, 0, all, before.length, fixed);
    if (method.isVarArgs()) {
      Class<?> last = method.getParameterTypes()[method.getParameterCount() - 1];
      Object rest = Array.newInstance(last.getComponentType(), values.length - fixed);
      for (int i = fixed; i < values.length; i++) {
        Array.set(rest, i - fixed, values[i]);
      }
      all[all.length - 1] = rest;
    }
    return all;
  }
}
