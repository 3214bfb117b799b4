package io.fluxcore.examples.springapp;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** The application. FluxCore is there because its starter is on the class path. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class SpringApp {
  public static void main(String[] arguments) {
    SpringApplication.run(SpringApp.class, arguments);
  }
}
