import { changeClaims } from './change-claims.js';

const claims = {
  name: 'Alice',
  nickname: 'Ali',
  phone_number: '+49 30 5550 1001',
  phone_number_verified: true,
  address: { locality: 'Berlin', country: 'Germany' },
};

describe('changeClaims', () => {
  it('sets given members, removes those that are null, keeps those that are absent (RFC 7396 §1)', () => {
    expect(changeClaims(claims, { name: 'Alice Appleton', nickname: null, gender: 'female' })).toEqual({
      name: 'Alice Appleton',
      gender: 'female',
      phone_number: '+49 30 5550 1001',
      phone_number_verified: true,
      address: { locality: 'Berlin', country: 'Germany' },
    });
  });

  it('changes nothing when the patch is empty', () => {
    expect(changeClaims(claims, {})).toEqual(claims);
  });

  it('changes members of the address one by one (RFC 7396 §2)', () => {
    const { address } = changeClaims(claims, { address: { locality: 'Köln', country: null, region: 'NRW' } });
    expect(address).toEqual({ locality: 'Köln', region: 'NRW' });
  });

  it('removes an empty address', () => {
    expect(changeClaims(claims, { address: { locality: null, country: null } })).not.toHaveProperty('address');
    expect(changeClaims(claims, { address: null })).not.toHaveProperty('address');
    expect(changeClaims({}, { address: {} })).not.toHaveProperty('address');
  });

  it('marks a changed telephone number as unverified (OpenID Connect Core §5.1)', () => {
    expect(changeClaims(claims, { phone_number: '+1 (425) 555-1212' }).phone_number_verified).toBe(false);
    expect(changeClaims(claims, { phone_number: claims.phone_number }).phone_number_verified).toBe(true);
    expect(changeClaims(claims, { phone_number: null })).not.toHaveProperty('phone_number_verified');
  });
});
