package io.fluxcore.domain.expression;

import io.fluxcore.domain.code.JavaMethods;
import io.fluxcore.domain.code.JavaTypes;
import io.fluxcore.domain.code.UserFunction;
import io.fluxcore.domain.code.UserTableFunction;
import io.fluxcore.domain.event.DataType;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A {@link UserFunction} as a function of expressions: by a name under which it is registered, or,
 * by its class, as {@code java('com.acme.CountCharacters', text, 'a')}. Immutable and thread-safe.
 */
public final class JavaFunction implements ScalarFunction {
  private static final String EVAL = "eval";

  private final String name;
  private final Class<?> type;
  private final Supplier<Object> instances;
  private final boolean isDeterministic;
  private final JavaMethods methods;

  private JavaFunction(String name, Class<?> type, Supplier<Object> instances, boolean pure) {
    this.name = name.toLowerCase(Locale.ROOT);
    this.type = type;
    this.instances = instances;
    this.isDeterministic = pure;
    this.methods = new JavaMethods(type, EVAL, 0);
    if (methods.all().isEmpty()) {
      throw JavaMethods.refused(
          type, "it has no public method eval", "add one that takes the arguments");
    }
    for (Method method : methods.all()) {
      if (isTable() && JavaTypes.elementTypes(method.getGenericReturnType()).size() != 1) {
        throw JavaMethods.refused(
            type,
            "eval returns " + method.getGenericReturnType().getTypeName() + ", not a list of rows",
            "return a List of records or values");
      }
    }
  }

  /**
   * A function that the application has made, by a name.
   *
   * @throws io.fluxcore.domain.error.FluxCoreException of category USER if its methods cannot be
   *     called
   */
  public static JavaFunction of(String name, UserFunction function) {
    return new JavaFunction(name, function.getClass(), () -> function, function.isDeterministic());
  }

  /**
   * A function by the name of its class.
   *
   * @throws io.fluxcore.domain.error.FluxCoreException of category USER if there is no such one
   */
  public static JavaFunction ofClass(String className) {
    Class<?> type = JavaMethods.find(className, List.of(UserFunction.class));
    UserFunction first = (UserFunction) JavaMethods.instance(type);
    return new JavaFunction(
        "java", type, () -> JavaMethods.instance(type), first.isDeterministic());
  }

  @Override
  public String name() {
    return name;
  }

  /** Whether it makes rows. */
  public boolean isTable() {
    return UserTableFunction.class.isAssignableFrom(type);
  }

  @Override
  public boolean isDeterministic() {
    return isDeterministic;
  }

  @Override
  public String signature() {
    List<String> signatures = new ArrayList<>();
    for (Method method : methods.all()) {
      List<String> parameters = new ArrayList<>();
      for (Class<?> parameter : method.getParameterTypes()) {
        parameters.add(parameter.getSimpleName());
      }
      signatures.add(
          name
              + "("
              + String.join(", ", parameters)
              + ") → "
              + method.getReturnType().getSimpleName());
    }
    return String.join(" or ", signatures);
  }

  @Override
  public String toString() {
    return signature();
  }

  @Override
  public String description() {
    return "A function of the application.";
  }

  /**
   * The Java type of the result for arguments of these types.
   *
   * @param arguments null for a null of no type
   * @throws io.fluxcore.domain.error.FluxCoreException of category USER if it does not take them
   */
  public Type resultType(List<@Nullable DataType> arguments) {
    return methods.best(arguments).getGenericReturnType();
  }

  /** The types that it takes in place of these. */
  public List<DataType> parameters(List<@Nullable DataType> arguments) {
    return methods.taken(methods.best(arguments), arguments);
  }

  @Override
  public Binding bind(List<? extends Operand> arguments, ExpressionContext context) {
    List<@Nullable DataType> given = new ArrayList<>();
    for (Operand argument : arguments) {
      given.add(Coercion.isUntypedNull(argument) ? null : argument.type());
    }
    Method method = methods.best(given);
    DataType result = JavaTypes.dataType(method.getGenericReturnType());
    Object instance = instances.get();
    @Nullable Object[] none = {};
    Body body =
        StandardFunction.nullableBody(
            name,
            result,
            values -> JavaTypes.toValue(methods.call(instance, method, none, values)));
    return new Binding(result, parameters(given), body, isDeterministic);
  }

  /** {@code java('class', …)}. */
  static ScalarFunction byClass() {
    return StandardFunction.typed(
        "java('class', value, …) → value",
        "What a public class of the application that is a UserFunction makes of the values.",
        1,
        Integer.MAX_VALUE,
        List.of(),
        (function, arguments, context) -> {
          String className = Arguments.constantText(function, arguments, 0, "the class");
          Binding binding =
              ofClass(className).bind(arguments.subList(1, arguments.size()), context);
          List<DataType> parameters = new ArrayList<>();
          parameters.add(DataType.STRING);
          parameters.addAll(binding.parameters());
          return new Binding(
              binding.result(),
              parameters,
              (rows, operands) ->
                  binding.body().evaluate(rows, operands.subList(1, operands.size())),
              binding.isDeterministic());
        });
  }
}
