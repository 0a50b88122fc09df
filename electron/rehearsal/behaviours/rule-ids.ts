/** Microsoft's ids of the rules that rehearsals speak about. */
export const RULE_IDS = {
  vulnerableDriver: '56a863a9-875e-4185-98a7-b882c64b5ce5',
  credentials: '9e6c4e1f-7d60-472f-ba1a-a39ef669e4b2',
  pdfReaderChild: '7674ba52-37eb-4a4f-a9a1-f0f9a1619a2c',
  officeChild: 'd4f940ab-401b-4efc-aadc-ad5f3c50688a',
  mailExecutable: 'be9ba2d9-53ea-4cdc-84e5-9b1eeee46550',
  mailChild: '26190899-1602-49e8-8b27-eb1d0a1ce869',
  rareProgram: '01443614-cd74-433a-b99e-2ecdc07bfc25',
  obfuscatedScript: '5beb7efe-fd9a-4556-801d-275e5ffc04cc',
  downloadedContent: 'd3e037e1-3eb8-44c8-a917-57927947596d',
  remoteExecution: 'd1e49aac-8f56-4280-b9ba-993a6d77406c',
  rescueReboot: '33ddedf1-c6e0-47cb-833e-de6133960387',
  removableMedia: 'b2b3f03d-6a65-4f7b-a9c7-1c7ef74a9ba4',
  copiedTool: 'c0033c00-d16d-4114-a5a0-dc9b3a7d2ceb',
  webShell: 'a8f5898e-1dc8-49a9-9878-85004b8a61e6',
  ransomware: 'c1db55ab-c21a-4637-bb3f-a12568109d35',
} as const;
