import { describe, expect, it } from 'vitest';
import { groupAddress, isProcEvent, listenRequest } from '../../../../electron/platform/linux/proc-event.ts';

describe('messages of the process events connector', () => {
  it('asks to listen', () => {
    expect(listenRequest().toString('hex')).toBe(
      '28000000' + '0300' + '0000' + '00000000' + '00000000' + // nlmsghdr: 40 bytes, NLMSG_DONE
        '01000000' + '01000000' + '00000000' + '00000000' + '0400' + '0000' + // cn_msg: CN_IDX_PROC, CN_VAL_PROC, 4 bytes
        '01000000', // PROC_CN_MCAST_LISTEN
    );
    expect(groupAddress().toString('hex')).toBe('1000' + '0000' + '00000000' + '01000000');
  });

  it('takes only whole messages of the connector', () => {
    const message = Buffer.alloc(128);
    message.writeUInt32LE(1, 16);
    message.writeUInt32LE(1, 20);
    expect([isProcEvent(message, 0, 76), isProcEvent(message, 0, 40)]).toEqual([true, false]);
    message.writeUInt32LE(9, 16);
    expect(isProcEvent(message, 0, 76)).toBe(false);
  });
});
