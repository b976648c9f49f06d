/** Simulator, TR-064: two certificates with their keys, to simulate an exchanged certificate. */

/** PEM texts. */
export interface KeyPair {
  key: string;
  cert: string;
}

/**
 * For the simulator only, not a secret: self-signed, CN=fritz.box, valid for 30 years. The keys are public,
 * so nothing real may be protected by them.
 */
export const CERTIFICATES: readonly [KeyPair, KeyPair] = [
  {
    key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgrpv0AaV5BBvu8/PS
9y5Y0A38neYNVVHpwHd4x8jtE6mhRANCAARmF4zHuhDb6gdmTwNzF3Q0s51EdADS
mbPJx2D4DsZBuI6QYaKnsbx9wfDlRI6UztA+wA001salAwbdtJl8MzFf
-----END PRIVATE KEY-----
`,
    cert: `-----BEGIN CERTIFICATE-----
MIIBfjCCASWgAwIBAgIUd8Rbm7pTwPzf8Q/loUjg97cknAowCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJZnJpdHouYm94MCAXDTI2MTEyMzA4MDE1MloYDzIwNTYxMTIy
MDgwMTUyWjAUMRIwEAYDVQQDDAlmcml0ei5ib3gwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAARmF4zHuhDb6gdmTwNzF3Q0s51EdADSmbPJx2D4DsZBuI6QYaKnsbx9
wfDlRI6UztA+wA001salAwbdtJl8MzFfo1MwUTAdBgNVHQ4EFgQUc3JkrNhKefPO
7siJphkg/Qku7nowHwYDVR0jBBgwFoAUc3JkrNhKefPO7siJphkg/Qku7nowDwYD
VR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNHADBEAiBwTzgIlSCmgCj4gKB2sTlS
3kp5F7Dd7wQ4WvfWUXetWQIgBYXZ2Gx0EInVtdtpIu50Gufm0y2bhQXk784tFyWR
2ec=
-----END CERTIFICATE-----
`,
  },
  {
    key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg1aauqcRQ7HR/i+n2
cDlXmvt9Rn7ju8FPF+fHJ1ir9mqhRANCAAQmJr8jVlV4Zi3be/v/Sg0KacrL+CDr
ATsh8R1U+3FcH73lXBMIEP9ibUHIYhxidibKYzCHzE1kiStpYnAw/gVe
-----END PRIVATE KEY-----
`,
    cert: `-----BEGIN CERTIFICATE-----
MIIBfzCCASWgAwIBAgIUSTHiwz7u3oZRcBu9wN3v9Dk6v1QwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJZnJpdHouYm94MCAXDTI2MTEyMzA4MDE1MloYDzIwNTYxMTIy
MDgwMTUyWjAUMRIwEAYDVQQDDAlmcml0ei5ib3gwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAAQmJr8jVlV4Zi3be/v/Sg0KacrL+CDrATsh8R1U+3FcH73lXBMIEP9i
bUHIYhxidibKYzCHzE1kiStpYnAw/gVeo1MwUTAdBgNVHQ4EFgQUDKyb8ihRtj0r
RyQW9W6TQL0a9uswHwYDVR0jBBgwFoAUDKyb8ihRtj0rRyQW9W6TQL0a9uswDwYD
VR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiBjzObj3qWlgxvLBBLwqQD8
NLYnNYEkfJVHvJJPqPd84gIhAO4Y0e/Kzi7TRyXjsep/R8or3XYr7YifoXQtm4R5
4d/E
-----END CERTIFICATE-----
`,
  },
];
