package io.fluxcore.adapters.in.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import tools.jackson.databind.JsonNode;

/** The description says all that the controllers have, and nothing else. */
class OpenApiIT {
  @Test
  void description_andControllers_agree() throws Exception {
    try (TestServer server = TestServer.start()) {
      OpenApi description = new Api(server.url()).description();
      Set<String> described = new TreeSet<>();
      description
          .paths()
          .forEach(
              (path, methods) ->
                  methods
                      .properties()
                      .forEach(
                          method ->
                              described.add(
                                  method.getKey().toUpperCase(java.util.Locale.ROOT)
                                      + " "
                                      + path
                                      + parameters(method.getValue()))));

      assertThat(described).isEqualTo(served(server));
    }
  }

  private static String parameters(JsonNode operation) {
    Set<String> names = new TreeSet<>();
    for (JsonNode parameter : operation.path("parameters")) {
      if (!parameter.get("in").asString().equals("path")) {
        names.add(parameter.get("name").asString());
      }
    }
    return " " + names;
  }

  private static Set<String> served(TestServer server) {
    Set<String> served = new TreeSet<>(Set.of("GET " + ResultSocket.PATH + " []"));
    server
        .bean(RequestMappingHandlerMapping.class)
        .getHandlerMethods()
        .forEach(
            (mapping, method) -> {
              if (method.getBeanType().getPackage().equals(RestApi.class.getPackage())) {
                mapping
                    .getMethodsCondition()
                    .getMethods()
                    .forEach(
                        http ->
                            mapping
                                .getPatternValues()
                                .forEach(
                                    path -> served.add(http + " " + path + parameters(method))));
              }
            });
    return served;
  }

  private static String parameters(HandlerMethod method) {
    Set<String> names = new TreeSet<>(ParameterCheck.known(method));
    for (MethodParameter parameter : method.getMethodParameters()) {
      RequestHeader header = parameter.getParameterAnnotation(RequestHeader.class);
      if (header != null) {
        names.add(header.name());
      }
    }
    return " " + names;
  }

  @Test
  void description_refersToSchemasThatAreThere_andUsesAll() throws Exception {
    try (TestServer server = TestServer.start()) {
      OpenApi description = new Api(server.url()).description();
      Set<String> there = new TreeSet<>();
      description.schemas().propertyNames().forEach(there::add);
      Set<String> used = new TreeSet<>(Set.of("SocketRequest", "SocketMessage"));
      Matcher references =
          Pattern.compile("#/components/schemas/([A-Za-z]+)")
              .matcher(description.schemas() + description.paths().toString());
      while (references.find()) {
        used.add(references.group(1));
      }

      assertThat(used).isEqualTo(there);
    }
  }
}
