/** Errors as Meta's Graph API writes them. */
import { Refusal, type VendorAnswer } from '../stand-in';

export interface GraphError {
  code: number;
  message: string;
  /** 400 unless told, as Meta does even for tokens that are dead. */
  status?: number;
  subcode?: number;
  type?: string;
  isTransient?: boolean;
  userTitle?: string;
  userMessage?: string;
  headers?: Record<string, string>;
}

const traceId = 'AbCdEf0123456789SandboxT';

export const graphErrorBody = (error: GraphError): unknown => ({
  error: {
    message: error.message,
    type: error.type ?? 'OAuthException',
    code: error.code,
    ...(error.subcode !== undefined && { error_subcode: error.subcode }),
    ...(error.isTransient !== undefined && { is_transient: error.isTransient }),
    ...(error.userTitle !== undefined && { error_user_title: error.userTitle }),
    ...(error.userMessage !== undefined && { error_user_msg: error.userMessage }),
    fbtrace_id: traceId,
  },
});

export const graphError = (error: GraphError): VendorAnswer => ({
  status: error.status ?? 400,
  headers: { 'content-type': 'application/json; charset=UTF-8', ...error.headers },
  body: graphErrorBody(error),
});

export const refuseAsMeta = (error: GraphError): Refusal => new Refusal(graphError(error));
