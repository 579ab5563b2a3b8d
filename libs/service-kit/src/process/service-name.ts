/** Injection token of the service's name, such as `gateway`. */
export const SERVICE_NAME = Symbol('service name');
