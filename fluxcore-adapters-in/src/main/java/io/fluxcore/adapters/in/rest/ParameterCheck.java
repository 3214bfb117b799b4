package io.fluxcore.adapters.in.rest;

import io.fluxcore.domain.error.NearestName;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.core.MethodParameter;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;

/** Refuses query parameters that the path does not have: a misspelt filter must not find all. */
final class ParameterCheck implements HandlerInterceptor {
  @Override
  public boolean preHandle(
      HttpServletRequest request, HttpServletResponse response, Object handler) {
    if (handler instanceof HandlerMethod method
        && method.getBeanType().getPackageName().equals(RestApi.class.getPackageName())) {
      check(given(request), known(method));
    }
    return true;
  }

  private static Map<String, String[]> given(HttpServletRequest request) {
    try {
      return request.getParameterMap();
    } catch (IllegalStateException e) {
      throw new Refused(
          HttpStatus.BAD_REQUEST,
          "FLX-REST-0018",
          "the query string cannot be read",
          "percent-encode it, in UTF-8");
    }
  }

  /** The query parameters that a method takes. */
  static Set<String> known(HandlerMethod method) {
    Set<String> known = new TreeSet<>();
    for (MethodParameter parameter : method.getMethodParameters()) {
      RequestParam annotation = parameter.getParameterAnnotation(RequestParam.class);
      if (annotation != null) {
        String name = annotation.name();
        known.add(
            name.isEmpty() ? Objects.requireNonNull(parameter.getParameter().getName()) : name);
      } else if (parameter.hasParameterAnnotation(ModelAttribute.class)) {
        for (RecordComponent component : parameter.getParameterType().getRecordComponents()) {
          known.add(component.getName());
        }
      }
    }
    return known;
  }

  private static void check(Map<String, String[]> given, Set<String> known) {
    List<Problem.Fault> faults = new ArrayList<>();
    String hint = "";
    for (Map.Entry<String, String[]> parameter : given.entrySet()) {
      String name = parameter.getKey();
      if (!known.contains(name)) {
        faults.add(Problem.Fault.parameter(name, "there is no such parameter"));
        hint =
            known.isEmpty()
                ? "this path has no parameters"
                : NearestName.remedy(name, known, "it has");
      } else if (parameter.getValue().length > 1 && !name.equals("set")) {
        faults.add(Problem.Fault.parameter(name, "is given more than once"));
        hint = "give it once";
      }
    }
    if (!faults.isEmpty()) {
      throw Refused.invalid(faults, hint);
    }
  }
}
