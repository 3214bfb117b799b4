package io.fluxcore.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.fluxcore.application.connector.ConnectorDescriptor;
import io.fluxcore.application.connector.ConnectorRegistry;
import io.fluxcore.application.connector.OptionSpec;
import io.fluxcore.domain.topology.ConnectorSpec;
import io.fluxcore.domain.topology.SinkBuilder;
import io.fluxcore.domain.topology.SinkConfig;
import io.fluxcore.domain.topology.SourceBuilder;
import io.fluxcore.domain.topology.SourceConfig;
import java.lang.reflect.Array;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The typed fronts of Java set options that their connectors have. */
final class TypedConfigsTest {
  private static final ConnectorRegistry REGISTRY =
      ConnectorRegistry.load(TypedConfigsTest.class.getClassLoader());

  private static Object sample(Class<?> type) {
    if (type.isArray()) {
      Object array = Array.newInstance(type.getComponentType(), 1);
      Array.set(array, 0, sample(type.getComponentType()));
      return array;
    }
    if (type.isEnum()) {
      return type.getEnumConstants()[0];
    }
    Map<Class<?>, Object> samples =
        Map.ofEntries(
            Map.entry(String.class, "x"),
            Map.entry(Object.class, "x"),
            Map.entry(int.class, 1),
            Map.entry(long.class, 1L),
            Map.entry(double.class, 0.5),
            Map.entry(boolean.class, true),
            Map.entry(Duration.class, Duration.ofSeconds(1)),
            Map.entry(Instant.class, Instant.EPOCH),
            Map.entry(List.class, List.of("x")),
            Map.entry(Map.class, Map.of("x", "y")));
    assertThat(samples).as("a value of " + type).containsKey(type);
    return samples.get(type);
  }

  private static Object call(Method method, Object on) throws ReflectiveOperationException {
    Object[] arguments =
        Arrays.stream(method.getParameterTypes()).map(TypedConfigsTest::sample).toArray();
    return method.invoke(on, arguments);
  }

  private static Stream<DynamicTest> fronts(
      Class<?> configs,
      Class<?> common,
      Function<Object, ConnectorSpec> built,
      Function<String, ConnectorDescriptor> descriptor) {
    return Arrays.stream(configs.getDeclaredMethods())
        .filter(front -> Modifier.isStatic(front.getModifiers()))
        .filter(front -> Modifier.isPublic(front.getModifiers()))
        .filter(front -> common.isAssignableFrom(front.getReturnType()))
        .filter(front -> !List.of("connector", "custom").contains(front.getName()))
        .map(
            front ->
                DynamicTest.dynamicTest(
                    configs.getSimpleName() + "." + front.getName(),
                    () -> {
                      Object builder = call(front, null);
                      for (Method setting : builder.getClass().getDeclaredMethods()) {
                        if (Modifier.isPublic(setting.getModifiers())
                            && !setting.isBridge()
                            && common.isAssignableFrom(setting.getReturnType())) {
                          call(setting, builder);
                        }
                      }
                      ConnectorSpec spec = built.apply(builder);
                      if (spec.name().equals("springcloudstream")) {
                        assertThat(spec.options()).containsKey("binding"); // only in applications
                        return;
                      }
                      assertThat(descriptor.apply(spec.name()).options())
                          .extracting(OptionSpec::name)
                          .containsAll(spec.options().keySet());
                    }));
  }

  private static ConnectorDescriptor of(List<ConnectorDescriptor> all, String name) {
    return all.stream().filter(one -> one.name().equals(name)).findFirst().orElseThrow();
  }

  @TestFactory
  Stream<DynamicTest> sources() {
    return fronts(
        SourceConfig.class,
        SourceBuilder.class,
        builder -> ((SourceBuilder<?>) builder).build().connector(),
        name -> of(REGISTRY.sources(), name));
  }

  @TestFactory
  Stream<DynamicTest> sinks() {
    return fronts(
        SinkConfig.class,
        SinkBuilder.class,
        builder -> ((SinkBuilder<?>) builder).build().connector(),
        name -> of(REGISTRY.sinks(), name));
  }
}
