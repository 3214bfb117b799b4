package io.fluxcore.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PlainApplicationTest {
  private static final Pattern OPTIONAL =
      Pattern.compile("spring-boot-(actuator|health|micrometer).*|micrometer-.*");

  @Test
  void applicationWithoutActuatorAndMicrometer_startsAllTheSame() throws Exception {
    List<URL> urls = new ArrayList<>();
    int left = 0;
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      if (OPTIONAL.matcher(Path.of(entry).getFileName().toString()).matches()) {
        left++;
      } else {
        urls.add(Path.of(entry).toUri().toURL());
      }
    }
    assertThat(left).isGreaterThan(4);
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    try (URLClassLoader loader =
        new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
      thread.setContextClassLoader(loader);
      assertThatThrownBy(() -> loader.loadClass("io.micrometer.core.instrument.MeterRegistry"))
          .isInstanceOf(ClassNotFoundException.class);
      Method start = loader.loadClass(PlainApplication.class.getName()).getDeclaredMethod("start");
      start.setAccessible(true);
      assertThat(start.invoke(null)).isEqualTo("AnnotationConfigApplicationContext 1");
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jakarta.servlet.Servlet",
        "org.springframework.web.client.RestClient",
        "org.springframework.web.servlet.DispatcherServlet",
        "org.springframework.boot.web.server.WebServer",
        "org.apache.catalina.startup.Tomcat"
      })
  void starter_bringsNoWeb(String type) {
    assertThatThrownBy(() -> Class.forName(type)).isInstanceOf(ClassNotFoundException.class);
  }
}
