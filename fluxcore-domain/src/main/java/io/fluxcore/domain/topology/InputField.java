package io.fluxcore.domain.topology;

/**
 * A field of an input of a node.
 *
 * @param input number of the input
 * @param field its name there
 */
public record InputField(int input, String field) {}
